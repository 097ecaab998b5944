using System.Text;

namespace CnnFast.Visualization.Graphs;

/// <summary>A page around drawings of graphs: zoom, pan and search by mouse, touch and keyboard, without network access.</summary>
internal static class GraphPage
{
    private const string Head = """
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" 
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <style>
        :root { color-scheme: light dark; --paper: #fff; --ink: #0f172a; --soft: #475569; --line: #94a3b8; --mark: #dc2626;
          font: 14px system-ui, sans-serif; }
        body { margin: 0; height: 100vh; height: 100dvh; display: flex; flex-direction: column; background: var(--paper);
          color: var(--ink); }
        header { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 8px 12px; border-bottom: 1px solid var(--line); }
        header div { display: flex; gap: 8px; }
        h1 { font-size: 16px; margin: 0 8px 0 0; overflow-wrap: anywhere; }
        button, input { font: inherit; padding: 4px 10px; color: inherit; background: transparent; border: 1px solid var(--line);
          border-radius: 6px; }
        button { cursor: pointer; white-space: nowrap; }
        button[aria-pressed=true] { color: var(--paper); background: var(--ink); border-color: var(--ink); }
        input { flex: 0 1 15em; min-width: 8em; }
        output { overflow-wrap: anywhere; }
        output:empty { display: none; }
        small { color: var(--soft); }
        button:focus-visible, input:focus-visible { outline: 3px solid #2563eb; outline-offset: 1px; }
        main { flex: 1; min-height: 0; overflow: hidden; touch-action: none; cursor: grab; }
        main svg { width: 100%; height: 100%; display: block; }
        main svg[hidden] { display: none; }
        main:focus-visible { outline: 3px solid #2563eb; outline-offset: -3px; }
        .found .box { stroke: var(--mark); stroke-width: 3; }
        .here .box { stroke-width: 5; }
        .searching .node:not(.found) { opacity: .35; }
        @media (max-width: 40rem) { small { display: none; } input { flex: 1; } }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #0d1117; --ink: #e6edf3; --soft: #a8b3c1; --line: #4b5563; --mark: #ff7b72; }
          [fill="#ffffff"] { fill: #0d1117; } [fill="#f8fafc"] { fill: #161b22; } [fill="#f1f5f9"] { fill: #1f2937; }
          [fill="#e2e8f0"] { fill: #334155; } [fill="#bfdbfe"] { fill: #1e3a5f; } [fill="#bbf7d0"] { fill: #14432a; }
          [fill="#e9d5ff"] { fill: #3b2663; } [fill="#fde68a"] { fill: #4d3a0c; } [fill="#fecdd3"] { fill: #5c1f2e; }
          [fill="#fed7aa"] { fill: #5a3413; } [fill="#64748b"] { fill: #8b98a9; } [fill="#0f172a"] { fill: #f1f5f9; }
          [fill="#334155"] { fill: #cbd5e1; } [fill="#475569"] { fill: #a8b3c1; }
          [stroke="#64748b"], [stroke="#94a3b8"] { stroke: #8b98a9; } [stroke="#0f172a"] { stroke: #f1f5f9; }
        }
        </style>
        """;

    private const string Script = """
        <script>
        'use strict';
        const view = document.querySelector('main'), box = document.querySelector('#search'), count = document.querySelector('#count');
        const pictures = [...view.querySelectorAll('svg')], tabs = [...document.querySelectorAll('[data-tab]')];
        let shown, at = { x: 0, y: 0, w: 1, h: 1 }, found = [], here = -1;
        const size = s => ({ w: +s.getAttribute('width'), h: +s.getAttribute('height') });
        const draw = () => shown.setAttribute('viewBox', `${at.x} ${at.y} ${at.w} ${at.h}`);
        function start() {
          const s = size(shown), scale = Math.max(.2, Math.min(1.5, view.clientWidth / s.w));
          at = { w: view.clientWidth / scale, h: view.clientHeight / scale };
          at.x = (s.w - at.w) / 2; at.y = s.h < at.h ? (s.h - at.h) / 2 : 0; draw();
        }
        function whole() {
          const s = size(shown), scale = Math.min(view.clientWidth / s.w, view.clientHeight / s.h);
          at = { w: view.clientWidth / scale, h: view.clientHeight / scale };
          at.x = (s.w - at.w) / 2; at.y = (s.h - at.h) / 2; draw();
        }
        function zoom(by, px = .5, py = .5) {
          const w = Math.min(Math.max(at.w * by, 60), 200000), f = w / at.w;
          at = { x: at.x + at.w * px * (1 - f), y: at.y + at.h * py * (1 - f), w, h: at.h * f }; draw();
        }
        function show(i) {
          pictures.forEach((p, k) => p.toggleAttribute('hidden', k !== i));
          tabs.forEach((t, k) => t.setAttribute('aria-pressed', k === i));
          shown = pictures[i]; start(); search();
        }
        function search() {
          const text = box.value.trim().toLowerCase();
          found.forEach(n => n.classList.remove('found', 'here'));
          found = text ? [...shown.querySelectorAll('.node')].filter(n =>
            (n.dataset.name + ' ' + n.dataset.kind).toLowerCase().includes(text)) : [];
          found.forEach(n => n.classList.add('found'));
          shown.classList.toggle('searching', text !== ''); here = -1;
          count.textContent = text ? `${found.length} found` : ''; if (found.length) go(1);
        }
        function go(by) {
          if (!found.length) return;
          found[here]?.classList.remove('here');
          here = (here + by + found.length) % found.length;
          found[here].classList.add('here');
          const b = found[here].querySelector('.box').getBBox();
          if (view.clientWidth / at.w < .6) [at.w, at.h] = [view.clientWidth, view.clientHeight];
          at.x = b.x + b.width / 2 - at.w / 2; at.y = b.y + b.height / 2 - at.h / 2; draw();
          count.textContent = `${here + 1} of ${found.length}: ${found[here].dataset.name}`;
        }
        view.addEventListener('wheel', e => {
          e.preventDefault();
          const r = view.getBoundingClientRect();
          if (e.shiftKey) { at.x += e.deltaY * at.w / r.width; draw(); }
          else zoom(Math.exp(e.deltaY * .0015), (e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height);
        }, { passive: false });
        const fingers = new Map();
        view.addEventListener('pointerdown', e => { fingers.set(e.pointerId, e); view.setPointerCapture(e.pointerId); });
        view.addEventListener('pointermove', e => {
          const old = fingers.get(e.pointerId);
          if (!old) return;
          const other = [...fingers.values()].find(f => f.pointerId !== e.pointerId), r = view.getBoundingClientRect();
          if (other) {
            const far = f => Math.hypot(f.clientX - other.clientX, f.clientY - other.clientY) || 1;
            zoom(far(old) / far(e), (other.clientX - r.left) / r.width, (other.clientY - r.top) / r.height);
          } else { at.x -= (e.clientX - old.clientX) * at.w / r.width; at.y -= (e.clientY - old.clientY) * at.h / r.height; draw(); }
          fingers.set(e.pointerId, e);
        });
        for (const end of ['pointerup', 'pointercancel']) view.addEventListener(end, e => fingers.delete(e.pointerId));
        const keys = {
          '+': () => zoom(.8), '=': () => zoom(.8), '-': () => zoom(1.25), '0': whole, Home: start,
          ArrowLeft: () => { at.x -= at.w / 8; draw(); }, ArrowRight: () => { at.x += at.w / 8; draw(); },
          ArrowUp: () => { at.y -= at.h / 8; draw(); }, ArrowDown: () => { at.y += at.h / 8; draw(); },
          '/': () => box.focus(), n: () => go(1), N: () => go(-1),
        };
        document.addEventListener('keydown', e => {
          if (e.target === box || e.ctrlKey || e.metaKey || e.altKey || !keys[e.key]) return;
          e.preventDefault(); keys[e.key]();
        });
        box.addEventListener('input', search);
        box.addEventListener('keydown', e => {
          if (e.key === 'Enter') go(e.shiftKey ? -1 : 1);
          if (e.key === 'Escape') { e.preventDefault(); view.focus(); }
        });
        tabs.forEach((t, i) => t.addEventListener('click', () => show(i)));
        document.querySelector('#in').addEventListener('click', () => zoom(.8));
        document.querySelector('#out').addEventListener('click', () => zoom(1.25));
        document.querySelector('#all').addEventListener('click', whole);
        addEventListener('resize', () => { at.h = at.w * view.clientHeight / view.clientWidth; draw(); });
        show(location.hash === '#steps' ? pictures.length - 1 : 0);
        </script>
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="title">The model.</param>
    /// <param name="drawings">What each tab shows, and its SVG.</param>
    public static string Write(string title, IReadOnlyList<(string Title, string Svg)> drawings)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append(Head).Append($"\n<title>{GraphSvg.Escaped(title)}</title>\n</head>\n<body>\n<header>\n")
            .Append($"<h1>{GraphSvg.Escaped(title)}</h1>\n");
        string[] names = ["Layers as built", "Steps that run"];
        page.Append("<div role=\"group\" aria-label=\"What is drawn\">\n");
        for (int i = 0; i < drawings.Count; i++)
            page.Append($"<button data-tab aria-pressed=\"{(i == 0 ? "true" : "false")}\" title=\"{GraphSvg.Escaped(drawings[i].Title)}\">")
                .Append($"{names[i]}</button>\n");
        page.Append("</div>\n<div role=\"group\" aria-label=\"Zoom\">\n")
            .Append("<button id=\"out\" aria-label=\"Zoom out\">−</button><button id=\"in\" aria-label=\"Zoom in\">+</button>")
            .Append("<button id=\"all\">Whole</button>\n</div>\n")
            .Append("<input id=\"search\" type=\"search\" placeholder=\"Search name or kind\" aria-label=\"Search name or kind\">\n")
            .Append("<output id=\"count\" aria-live=\"polite\"></output>\n")
            .Append("<small>Drag, wheel, arrows; + − 0; / to search, n for the next</small>\n</header>\n")
            .Append("<main tabindex=\"0\" aria-label=\"Graph\">\n");

        // Both drawings have an arrow's tip; ids are one a page.
        for (int i = 0; i < drawings.Count; i++)
            page.Append(drawings[i].Svg.Replace("id=\"tip\"", $"id=\"tip{i}\"", StringComparison.Ordinal)
                .Replace("url(#tip)", $"url(#tip{i})", StringComparison.Ordinal));
        return page.Append("</main>\n").Append(Script).Append("\n</body>\n</html>\n").ToString();
    }
}
