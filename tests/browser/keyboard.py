"""Using a page by keyboard alone, with an eye on the focus (WCAG 2.2: 2.1.1, 2.4.3, 2.4.7, 2.4.11)."""

# ruff: noqa: E501 - pages and scripts in strings

from typing import Any, Final

from playwright.sync_api import Locator, Page

_MOST_STOPS: Final = 80
# How everything that takes the focus looks while it has not got it.
_REST: Final = r"""() => {
  if (window.__rest) return;
  const colour = (text) => {
    const [r, g, b, a = 1] = (text.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    return {rgb: [r, g, b], a};
  };
  const light = ({rgb}) => rgb.map((one) => one / 255).map((one) => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
    .reduce((sum, one, place) => sum + one * [.2126, .7152, .0722][place], 0);
  const contrast = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const behind = colour(getComputedStyle(at).backgroundColor);
      if (behind.a > .5) return behind;
    }
    return colour("rgb(255, 255, 255)");
  };
  window.__look = (one) => {
    const style = getComputedStyle(one);
    const ring = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none";
    const shadows = style.boxShadow === "none" ? [] : style.boxShadow.split(/,(?![^(]*\))/).filter((text) => !text.includes("inset"));
    return {
      outline: ring ? [style.outlineColor, style.outlineStyle, style.outlineWidth, style.outlineOffset].join(" ") : "",
      inside: parseFloat(style.outlineOffset) < 0,
      shadows: shadows.filter((text) => parseFloat(text.replace(/rgba?\([^)]*\)/, "").trim().split(/\s+/)[3]) >= 2),
      ground: style.backgroundColor,
    };
  };
  // What changed with the focus has to differ from what it lies upon by 3 to 1 (WCAG 2.2: 1.4.11, 2.4.13).
  window.__shows = (one) => {
    const now = window.__look(one), rest = window.__rest.get(one) ?? {outline: "", shadows: [], ground: now.ground};
    const around = ground(one.parentElement), seen = (text, on) => { const put = colour(text); return put.a > .5 && contrast(put, on) >= 3; };
    const drawn = now.outline !== rest.outline && now.outline && seen(now.outline, now.inside ? ground(one) : around);
    const thrown = now.shadows.some((text) => !rest.shadows.includes(text) && seen(text.match(/rgba?\([^)]*\)/)[0], around));
    const filled = now.ground !== rest.ground && colour(rest.ground).a > .5 && seen(now.ground, colour(rest.ground));
    return Boolean(drawn || thrown || filled);
  };
  window.__rest = new WeakMap();
  for (const one of document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")) {
    if (one !== document.activeElement) window.__rest.set(one, window.__look(one));
  }
}"""
_STOP: Final = """() => {
  const one = document.activeElement, last = window.__last;
  if (!one || one === document.body || one === document.documentElement) return null;
  window.__last = one;
  const box = one.getClientRects()[0]; // of a link that wraps, its first line
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2; // of what is within the window
  const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
  const there = document.elementFromPoint(x, y);
  const own = there && (one.contains(there) || there.contains(one) && there.matches("label, summary")
    || [...(one.labels ?? [])].some((label) => label.contains(there)));
  return {
    what: one.outerHTML.slice(0, 120),
    shows: window.__shows(one),
    covered: !own,
    backwards: Boolean(last?.isConnected && last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING),
  };
}"""

# Where the page put the focus by itself.
_FIRST: Final = """() => {
  const one = document.activeElement;
  const none = !one || one === document.body || one === document.documentElement;
  return none || !one.matches(":focus-visible") && window.__last === one || window.__shows(one) ? null : one.outerHTML.slice(0, 120);
}"""


class Keys:
    """Hands that only know the keyboard. Every stop of the focus is looked at."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def write(self, field: Locator, text: str) -> None:
        """Type over what stands in a field."""
        self.go_to(field)
        self._page.keyboard.press("Control+a")
        self._page.keyboard.type(text)

    def choose(self, radio: Locator) -> None:
        """Choose one of a group by the arrows, as radio buttons are."""
        name = radio.get_attribute("name")
        group = self._page.locator(f'input[type="radio"][name="{name}"]')
        self.go_to(
            group.locator(":scope:checked") if group.locator(":scope:checked").count() else group.first
        )
        self._page.keyboard.press("Space")
        for _ in range(group.count()):
            if _focused(radio):
                break
            self._page.keyboard.press("ArrowDown")
        assert radio.is_checked(), "the arrows did not choose"

    def tick(self, box: Locator) -> None:
        """Tick a box."""
        self.go_to(box)
        self._page.keyboard.press("Space")
        assert box.is_checked(), "the space bar did not tick"

    def press(self, control: Locator) -> None:
        """Press a button or follow a link."""
        self.go_to(control)
        self._page.keyboard.press("Enter")

    def pick(self, field: Locator, typed: str, option: str) -> None:
        """Type into a combobox and take an option of its list by the arrows."""
        self.write(field, typed)
        wanted = self._page.get_by_role("option", name=option, exact=True)
        wanted.wait_for()
        for _ in range(40):
            self._page.keyboard.press("ArrowDown")
            if field.get_attribute("aria-activedescendant") == wanted.get_attribute("id"):
                break
        assert wanted.get_attribute("aria-selected") == "true", "the arrows did not reach the option"
        self._page.keyboard.press("Enter")

    def select(self, field: Locator, value: str) -> None:
        """Take an option of a plain list by typing what it says."""
        self.go_to(field)
        self._page.keyboard.type(field.locator(f'option[value="{value}"]').last.inner_text())
        assert field.input_value() == value, "typing did not find the option"

    def go_to(self, control: Locator) -> None:
        """Tab until the control has the focus.

        Raises:
            AssertionError: on the way the focus was lost, hidden, not to be seen, or went backwards.
        """
        control.first.wait_for()
        self._page.evaluate(_REST)
        first = self._page.evaluate(_FIRST)
        assert not first, f"the focus does not show: {first}"
        for _ in range(_MOST_STOPS):
            if _focused(control):
                return
            self.tab()
        raise AssertionError("never reached by keyboard")

    def tab(self) -> dict[str, Any]:
        """One step on; tells where the focus is."""
        self._page.keyboard.press("Tab")
        stop: dict[str, Any] | None = self._page.evaluate(_STOP)
        assert stop, "the focus is lost, or the page is at its end"
        assert stop["shows"], f"the focus does not show: {stop['what']}"
        assert not stop["covered"], f"what has the focus is covered: {stop['what']}"
        assert not stop["backwards"], f"the focus goes to what stands before the last: {stop['what']}"
        return stop


def _focused(control: Locator) -> bool:
    return bool(control.evaluate("(one) => one === document.activeElement"))
