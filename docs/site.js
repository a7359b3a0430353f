// Wide tables can be scrolled; the theme wraps them after loading and lets no keyboard reach them.
const reach = () => document.querySelectorAll(".md-typeset__scrollwrap").forEach((table) => { table.tabIndex = 0; });
new MutationObserver(reach).observe(document.documentElement, { childList: true, subtree: true });
reach();
