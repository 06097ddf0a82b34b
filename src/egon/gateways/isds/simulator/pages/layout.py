"""The frame of every page: head, navigation, one small style sheet, no script."""

from html import escape
from typing import Final

STYLE: Final = """
:root{--ink:#262626;--soft:#5b6371;--line:#d9dee6;--paper:#fff;--ground:#f3f5f9;--blue:#2362a2;--deep:#143a66;
--good:#1f7a3d;--warn:#9a5b00;--bad:#b3261e;color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,sans-serif}
a{color:var(--blue)}a:focus-visible,button:focus-visible,input:focus-visible,textarea:focus-visible,
select:focus-visible{outline:3px solid #f2b632;outline-offset:2px}
.skip{position:absolute;left:-99em}.skip:focus{left:1em;top:1em;background:#fff;padding:.5em}
header{background:var(--deep);color:#fff}header .in,main,footer{max-width:62rem;margin:0 auto;padding:0 1rem}
header .in{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;align-items:center;padding-top:.7rem;padding-bottom:.7rem}
header a{color:#fff;text-decoration:none;padding:.2rem 0;border-bottom:2px solid transparent}
header a:hover,header a[aria-current]{border-color:#f2b632}
header .brand{font-weight:700;margin-right:auto}header form{margin:0}nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
.note{background:#fff4d6;border-bottom:1px solid #ecd28a;font-size:.9rem}.note p{max-width:62rem;margin:0 auto;
padding:.35rem 1rem}
main{padding-top:1.4rem;padding-bottom:2.5rem}h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 1rem}
h2{font-size:1.15rem;margin:1.6rem 0 .6rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.2rem;margin:0 0 1rem}
.list{list-style:none;margin:0;padding:0;background:var(--paper);border:1px solid var(--line);border-radius:.6rem}
.list li{border-top:1px solid var(--line);padding:.75rem 1.1rem;display:grid;gap:.1rem .9rem;
grid-template-columns:minmax(0,1fr) auto;align-items:center}.list li:first-child{border:0}
.list .tag{justify-self:start}
.list .title{font-weight:600;overflow-wrap:anywhere}.list .sub{color:var(--soft);font-size:.92rem;
grid-column:1;overflow-wrap:anywhere}
.tag{display:inline-block;border-radius:1rem;padding:.05rem .65rem;font-size:.85rem;background:#e6eefb;
color:var(--deep);white-space:nowrap}.tag.s4{background:#fdeccb;color:var(--warn)}.tag.s6,.tag.s7{background:#dcf3e3;
color:#145c2c}.tag.s3,.tag.s8{background:#fbdcda;color:var(--bad)}.tag.s9{background:#e8e8e8;color:#555}
label{display:block;font-weight:600;margin:.9rem 0 .25rem}
input,textarea,select{width:100%;font:inherit;padding:.5rem .65rem;border:1px solid #8a94a6;border-radius:.35rem;
background:#fff;color:inherit}input[type=radio],input[type=checkbox]{width:auto;margin-right:.5rem}
label.row{font-weight:400;display:flex;align-items:baseline}
button,.button{font:inherit;font-weight:600;border:1px solid var(--blue);background:var(--blue);color:#fff;
border-radius:.35rem;padding:.5rem 1.1rem;cursor:pointer;text-decoration:none;display:inline-block}
button.quiet,.button.quiet{background:#fff;color:var(--blue)}header button{border-color:#fff;background:none;
padding:.2rem .8rem;font-weight:400}button:hover,.button:hover{filter:brightness(.93)}
.actions{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:1.2rem}
.grid{display:grid;gap:0 1.2rem;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr))}
.hint{color:var(--soft);font-size:.92rem;margin:.2rem 0}.error{border-left:.35rem solid var(--bad)}
.done{border-left:.35rem solid var(--good)}
dl{display:grid;grid-template-columns:minmax(8rem,auto) minmax(0,1fr);gap:.25rem 1rem;margin:0}dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media(max-width:34rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}.list li{grid-template-columns:1fr}
h1{font-size:1.35rem}.card{padding:.9rem}}
footer{color:var(--soft);font-size:.88rem;padding-bottom:2rem}
"""


def page(title: str, content: str, *, who: str = "", token: str = "", current: str = "", clock: str = "") -> bytes:
    """A whole HTML page. ``content`` is ready markup; ``who`` is the name of the box acted for."""
    links = [("/", "Schránky")]
    if who:
        links = [
            ("/schranka/prijate", "Přijaté"),
            ("/schranka/odeslane", "Odeslané"),
            ("/schranka/nova", "Nová zpráva"),
        ]
    links += [("/hodiny", "Hodiny"), ("/poruchy", "Poruchy"), ("/provozovatel", "Provozovatel")]
    shown = "".join(
        f'<a href="{path}"{" aria-current=page" if path == current else ""}>{label}</a>' for path, label in links
    )
    leave = (
        f'<form method="post" action="/odhlasit">{token_field(token)}<button>Odhlásit</button></form>' if who else ""
    )
    owner = f"<p>Jednáte za schránku <strong>{escape(who)}</strong>. " if who else "<p>"
    return (
        '<!DOCTYPE html><html lang="cs"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} – simulátor datových schránek</title><style>{STYLE}</style></head><body>"
        '<a class="skip" href="#obsah">Přejít na obsah</a>'
        f'<header><div class="in"><a class="brand" href="/">Simulátor datových schránek</a>'
        f"<nav>{shown}</nav>{leave}</div></header>"
        f'<div class="note">{owner}Zkušební prostředí: zprávy nemají právní účinky. Čas simulátoru: {escape(clock)}.'
        f'</p></div><main id="obsah"><h1>{escape(title)}</h1>{content}</main>'
        "<footer>Simulátor není provozován správcem informačního systému datových schránek.</footer></body></html>"
    ).encode()


def token_field(token: str) -> str:
    """The hidden field that proves a form came from our page."""
    return f'<input type="hidden" name="token" value="{escape(token)}">'


def trouble(message: str) -> str:
    """A box with what went wrong."""
    return f'<div class="card error" role="alert">{escape(message)}</div>' if message else ""


def done(message: str) -> str:
    """A box with what was done."""
    return f'<div class="card done" role="status">{escape(message)}</div>' if message else ""
