"""The style of the page of a report: light and dark, from 320 pixels up."""

_COLOURS = ["f0", "f1", "f2", "f3", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "m0", "m1", "l0", "l1"]

STYLE = """
:root{color-scheme:light dark;--page:#f9f9f7;--card:#fff;--ink:#0b0b0b;--soft:#52514e;--line:#dedcd5;
--f0:#9ec5f4;--f1:#3987e5;--f2:#1c5cab;--f3:#0d2f5c;--s0:#2a78d6;--s1:#1baf7a;--s2:#eda100;--s3:#4a3aa7;--s4:#e34948;
--s5:#d55181;--s6:#8a8984;--m0:#2a78d6;--m1:#eb6834;--l0:#9ec5f4;--l1:#1c5cab}
@media(prefers-color-scheme:dark){:root{--page:#0d0d0d;--card:#1a1a19;--ink:#fff;--soft:#c3c2b7;--line:#3a3a37;
--f0:#184f95;--f1:#3987e5;--f2:#86b6ef;--f3:#e3effc;--s0:#3987e5;--s1:#199e70;--s2:#c98500;--s3:#9085e9;--s4:#e66767;
--s5:#d55181;--s6:#8a8984;--m0:#3987e5;--m1:#d95926;--l0:#184f95;--l1:#86b6ef}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.1rem;margin:0}
p{margin:.25rem 0;color:var(--soft);overflow-wrap:anywhere}
section,.tiles div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem}
section{margin:1rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(11rem,45%),1fr));gap:.5rem;
margin:1rem 0}
.tiles div{padding:.5rem .75rem}
dt{color:var(--soft);font-size:.875rem}
.tiles dd{margin:0;font-size:1.2rem;font-weight:600;overflow-wrap:anywhere}
small{margin-left:.4rem;color:var(--soft);font-size:.875rem;font-weight:400}
svg{display:block}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.5rem 0;padding:0;list-style:none;
font-size:.875rem}
.legend li{display:flex;align-items:center;gap:.4rem;overflow-wrap:anywhere}
.key{width:.75rem;height:.75rem;border-radius:2px;flex:none}
.plot{display:grid;grid-template-columns:auto 1fr;column-gap:.5rem;margin:.75rem 0;font-size:.75rem;
color:var(--soft)}
.plot svg{width:100%;height:12rem;overflow:visible}
.scale{display:flex;flex-direction:column;justify-content:space-between;height:12rem;text-align:right;
font-variant-numeric:tabular-nums}
.scale span{line-height:0}
.marks{grid-column:2;display:flex;justify-content:space-between;margin-top:.35rem}
.grid line{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.bars{list-style:none;margin:.75rem 0;padding:0;display:grid;gap:.6rem}
.bars li{display:grid;grid-template-columns:1fr auto;column-gap:1rem;font-size:.875rem}
.bars span{overflow-wrap:anywhere}
.bars b{font-weight:400;color:var(--soft);font-variant-numeric:tabular-nums}
.bars svg{grid-column:1/-1;width:100%;height:.75rem}
summary{cursor:pointer;padding:.25rem 0;font-size:.875rem}
.scroll{overflow:auto;max-height:24rem}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{position:sticky;top:0;background:var(--card);font-weight:600}
th:first-child{text-align:left;padding-left:0;position:sticky;left:0;
background:var(--card);font-weight:400;white-space:normal;overflow-wrap:anywhere;min-width:6.5rem;max-width:12rem}
@media(min-width:48rem){th:first-child{max-width:24rem}}
dl.terms{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.5rem 0 0;
font-size:.875rem}
dl.terms dd{margin:0}
@media(max-width:36rem){dl.terms{display:block}dl.terms dd{margin:0 0 .5rem}}
@media print{section{break-inside:avoid}}
""" + "".join(f".{name}{{fill:var(--{name})}}" for name in _COLOURS)
