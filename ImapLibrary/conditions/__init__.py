"""The single conditions that an email may have to meet, one class each."""
