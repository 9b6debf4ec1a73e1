"""HTML that does all it can to run something, to load something, or to lead somewhere."""

from __future__ import annotations

LOADING = """<html><head><link rel=stylesheet href={url}/1><style>@import "{url}/2"; @import url({url}/3);
@font-face {{ font-family: f; src: url({url}/4) }} p {{ font-family: f; background: u\\72l({url}/5) }}
i {{ background: image-set("{url}/6" 1x) }}</style><script src={url}/7></script></head>
<body background={url}/8 onload="fetch('{url}/9')"><img src={url}/10><img srcset="{url}/11 1x">
<p>x</p><p style="background: url('{url}/12')">x</p><i>x</i><iframe src={url}/13></iframe>
<object data={url}/14></object><embed src={url}/15><video src={url}/16 poster={url}/17></video>
<audio src={url}/18 autoplay></audio><input type=image src={url}/19>
<svg><image href={url}/20 /><use href={url}/21#a /></svg><script>fetch("{url}/22")</script>
<img src=x onerror="new Image().src='{url}/23'"><meta http-equiv=refresh content="0;url={url}/24">
<picture><source srcset={url}/25><img></picture><table background={url}/26><tr><td>x</table>"""
"""A page that a browser would load 26 things for, from the server at `url`."""

ESCAPING = (
    "</iframe></section></details></td></table></pre></title></style></script><!-- --> ]]> \" ' > "
    "<script>fetch('{url}/90')</script><img src={url}/91 onerror=fetch('{url}/92')>"
    '" onload="fetch(\'{url}/93\')" src="{url}/94"'
)
"""A text that breaks out of wherever it stands if it is not escaped there."""

LEADING = """<base href="{url}/base/" target=_blank>
<a id=link href="{url}/80">one-time link</a>
<a id=relative href=81>relative</a>
<a id=fragment href="#top">fragment</a>
<a id=named href="{url}/82" target=_top download ping="{url}/83">named</a>
<a id=script href="javascript:fetch('{url}/84')">script</a>
<a id=data href="data:text/html,<script>fetch('{url}/85')</script>">data</a>
<map name=m><area id=area shape=rect coords=0,0,40,40 href="{url}/86"></map>
<img usemap="#m" width=40 height=40 src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<form action="{url}/87" method=post target=_top><input name=a value=b>
<button id=button formaction="{url}/88">Send</button><input id=submit type=submit></form>"""
"""What a person may click on, each with an `id`."""
