"""The picture of the terminal in docs/images, from the demo. It shows the path of the folder in which this runs:

    COLUMNS=100 CLICOLOR_FORCE=1 orgscan demo 2>/dev/null \\
        | target/page/venv/bin/python tests/page/terminal.py
"""

import pathlib
import sys

from rich.console import Console
from rich.text import Text

IMAGES = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "images"
PROMPT = "$ orgscan demo"

# The fonts of the reader's machine: a picture in a README loads nothing.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect fill="#0d1117" width="{width}" height="{height}" rx="8"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""

console = Console(width=100, record=True, force_terminal=True, file=sys.stderr, color_system="truecolor")
console.print(Text(PROMPT, style="bold"))
console.print(Text.from_ansi(sys.stdin.read()), soft_wrap=True)
console.save_svg(str(IMAGES / "terminal.svg"), title="", code_format=FORMAT, unique_id="terminal")
