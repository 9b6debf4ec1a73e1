"""What all tests share."""

from hypothesis import HealthCheck, settings

# A busy machine makes examples slow, which says nothing of what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
