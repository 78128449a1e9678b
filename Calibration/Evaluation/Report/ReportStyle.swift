/// The report's style sheet and the script of its picture viewer.
enum ReportStyle {
    static let css: HTML = """
        :root {
          --page: #f6f7f9; --card: #fff; --line: #e1e5ea; --text: #1b2129; --muted: #5d6875;
          --int8: #2f6fde; --float: #a9b4c2; --better: #157f4a; --worse: #b3372b;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12161b; --card: #1b2128; --line: #2d353f; --text: #e7ebf0; --muted: #98a4b2;
            --int8: #6ea3ff; --float: #66717f; --better: #58c98c; --worse: #ff8a7c;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; padding: 1.5rem clamp(.75rem, 3vw, 2rem); max-width: 1240px; background: var(--page); color: var(--text);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums;
        }
        h1 { margin: .2rem 0 1.1rem; font-size: clamp(1.6rem, 5vw, 2.5rem); line-height: 1.15; letter-spacing: -.02em; }
        h2 { margin: 0 0 .8rem; font-size: 1.15rem; }
        h3 { margin: 0 0 .6rem; font-size: .95rem; overflow-wrap: anywhere; }
        h3 span { color: var(--muted); font-weight: 400; font-size: .875rem; }
        p { margin: 0; }
        .models, .note, figcaption, footer, .legend, .absent { color: var(--muted); font-size: .875rem; }
        .models { overflow-wrap: anywhere; }
        .models b, footer b { color: var(--text); font-weight: 600; }
        .note { margin-bottom: .9rem; max-width: 75ch; }
        nav { margin-top: .75rem; font-size: .875rem; }
        nav a { display: inline-block; margin-right: 1.1rem; color: var(--int8); }
        .tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; }
        .tile, section {
          min-width: 0; padding: 1rem 1.2rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
        }
        .tile b { display: block; font-size: 1.6rem; line-height: 1.2; }
        .tile span { color: var(--muted); font-size: .875rem; }
        main { display: grid; grid-template-columns: 4fr 5fr; gap: .75rem; margin-top: .75rem; align-items: stretch; }
        .wide { grid-column: 1 / -1; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: .5rem 0 .5rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }
        th:first-child { padding-left: 0; text-align: left; font-weight: 500; }
        thead th { color: var(--muted); font-size: .875rem; font-weight: 500; }
        tbody tr:last-child > * { border-bottom: 0; }
        td { white-space: nowrap; }
        .better { color: var(--better); } .worse { color: var(--worse); } .even { color: var(--muted); }
        .swatch { display: inline-block; width: .8em; height: .8em; margin-right: .5em; border-radius: 3px; box-shadow: 0 0 0 1px #8886; }
        .class { display: grid; grid-template-columns: 8.5rem 1fr auto; gap: .75rem; align-items: center; padding: .22rem 0; }
        .key { color: var(--muted); font-size: .875rem; }
        .key .swatch { height: 7px; }
        .name { overflow-wrap: anywhere; }
        .figures { display: grid; grid-template-columns: 4.7rem 4.9rem 5.2rem; text-align: right; }
        .figures > :first-child { color: var(--muted); } .figures b { font-weight: 500; }
        .absent { grid-column: 2 / -1; }
        .bar { display: block; height: 7px; min-width: 2px; border-radius: 2px; background: var(--int8); }
        .bar.float { margin-bottom: 2px; background: var(--float); }
        .legend { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; margin-top: .6rem; }
        .card { margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        .pictures { display: grid; grid-template-columns: repeat(4, 1fr); gap: .5rem; }
        figure { margin: 0; min-width: 0; }
        .pictures img { display: block; width: 100%; height: auto; border-radius: 5px; }
        .pictures a { cursor: zoom-in; }
        input[name=show] { position: absolute; opacity: 0; }
        label {
          display: inline-block; margin: 0 .35rem .2rem 0; padding: .25rem .8rem; border: 1px solid var(--line); border-radius: 99px;
          cursor: pointer;
        }
        input:checked + label { background: var(--int8); border-color: var(--int8); color: var(--card); }
        input:focus-visible + label { outline: 2px solid var(--text); outline-offset: 2px; }
        #show-worst:checked ~ .card:not(.worst), #show-even:checked ~ .card:not(.even) { display: none; }
        .curve { display: grid; grid-template-columns: auto 1fr; gap: .2rem .6rem; margin-bottom: 1rem; }
        .curve div, .curve figcaption { display: flex; justify-content: space-between; color: var(--muted); font-size: .8rem; }
        .curve div { flex-direction: column; text-align: right; }
        .curve figcaption { grid-column: 2; }
        .curve svg { width: 100%; height: 150px; }
        .curve line { stroke: var(--line); vector-effect: non-scaling-stroke; }
        .curve polyline { fill: none; stroke: var(--int8); stroke-width: 2; vector-effect: non-scaling-stroke; }
        .layer { display: grid; grid-template-columns: minmax(0, 20rem) 1fr 4.5rem; gap: .75rem; align-items: center; padding: .15rem 0; }
        .layer code { overflow-wrap: anywhere; font-size: .85rem; }
        .layer b { text-align: right; font-weight: 500; }
        summary { padding: .5rem 0; color: var(--muted); cursor: pointer; }
        footer { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; padding: 1rem .2rem; }
        dialog { width: 100vw; max-width: none; height: 100dvh; max-height: none; padding: 0; border: 0; background: #000; color: #fff; }
        dialog[open] { display: grid; grid-template-rows: 1fr auto; }
        dialog img { width: 100%; height: 100%; min-height: 0; object-fit: contain; image-rendering: pixelated; cursor: pointer; }
        dialog p { padding: .6rem; text-align: center; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; }
        .network { display: block; width: 100%; min-width: 60rem; }
        .network line { stroke: var(--line); }
        .network text { fill: var(--muted); font-size: 12px; }
        .network .part { fill: var(--text); font-weight: 600; }
        .network .level { font-size: 11px; }
        .network g text { fill: #1b2129; font-size: 13px; font-weight: 600; text-anchor: middle; }
        .network g .kind { font-size: 8.5px; font-weight: 400; }
        .network rect { stroke: #8886; }
        .network .n5 text, .network .n6 text { fill: #fff; }
        .network .unmeasured text { fill: var(--muted); }
        .network .unmeasured rect { fill: none; stroke-dasharray: 3 2; }
        .n0 { fill: #ffffb2; background: #ffffb2; } .n1 { fill: #fed976; background: #fed976; }
        .n2 { fill: #feb24c; background: #feb24c; } .n3 { fill: #fd8d3c; background: #fd8d3c; }
        .n4 { fill: #fc6a32; background: #fc6a32; } .n5 { fill: #d7191c; background: #d7191c; }
        .n6 { fill: #800026; background: #800026; }
        .int16 { fill: #14315f; stroke: #fff; stroke-width: .8; }
        .key16 { width: .8em; height: .8em; margin-right: .5em; background: #fed976; border-radius: 3px; }
        .flips { margin-bottom: 1rem; }
        .flips svg { height: 110px; }
        .flips rect { fill: var(--int8); }
        .flips figcaption span:not(:nth-child(2)) { white-space: nowrap; }
        code a { color: var(--int8); }
        .ranges { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1.2rem; }
        .range h3 { margin: 0 0 .3rem; } .range svg { display: block; width: 100%; height: 90px; border-bottom: 1px solid var(--muted); }
        .range .band { fill: var(--int8); opacity: .16; } .range .bars { fill: var(--int8); } .range .clipped { fill: var(--worse); }
        .range path.ends { fill: none; stroke: var(--int8); stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
        .range span.ends { display: flex; justify-content: space-between; } .range b { font-weight: 500; }
        .before th:first-child { min-width: 9rem; overflow-wrap: anywhere; } .before small { display: block; color: var(--muted); font-weight: 400; }
        .before .this th:first-child { font-weight: 700; } .wide-cell { width: 30%; }
        @media print {
          section, .card, .range { break-inside: avoid; } #frames, #layers, #flips, #ranges { break-inside: auto; }
          .network { min-width: 0; } svg, .bar, .swatch, .key16 { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        }
        @media (max-width: 900px) { main { grid-template-columns: minmax(0, 1fr); } }
        @media (max-width: 640px) {
          .tiles, .pictures { grid-template-columns: 1fr 1fr; }
          .tile, section { padding: .8rem .9rem; }
          .tile b { font-size: 1.35rem; }
          th, td { padding-left: .5rem; font-size: .85rem; }
          .wide-cell { display: none; }
          .class { grid-template-columns: 1fr auto; gap: .1rem .5rem; padding: .4rem 0; }
          .class .bars { grid-column: 1 / -1; grid-row: 2; }
          .figures { grid-template-columns: 3.8rem 4.1rem 4.1rem; font-size: .85rem; }
          .key .figures { font-size: .75rem; }
          .absent { grid-column: 2; }
          .key .bars { display: none; }
          .layer { grid-template-columns: 1fr 4.5rem; gap: 0 .5rem; padding: .3rem 0; }
          .layer .track { grid-column: 1 / -1; grid-row: 2; }
        }
        """

    /// Opens a picture in a dialog and leafs through its frame's four. Without it the pictures still show.
    static let script: HTML = """
        const viewer = document.getElementById("viewer");
        if (viewer) {
          const [image, caption] = viewer.children;
          let pictures = [], at = 0;
          const show = next => {
            at = (next + pictures.length) % pictures.length;
            image.src = pictures[at].src;
            caption.textContent = image.alt = pictures[at].alt;
          };
          document.addEventListener("click", event => {
            const link = event.target.closest("a[href='#viewer']");
            if (link) {
              event.preventDefault();
              pictures = [...link.closest(".pictures").querySelectorAll("img")];
              show(pictures.indexOf(link.querySelector("img")));
              viewer.showModal();
            } else if (event.target === image) {
              show(at + (event.clientX < innerWidth / 2 ? -1 : 1));
            } else if (viewer.open) {
              viewer.close();
            }
          });
          viewer.addEventListener("keydown", event => {
            if (event.key === "ArrowLeft") show(at - 1);
            if (event.key === "ArrowRight") show(at + 1);
          });
        }
        """
}
