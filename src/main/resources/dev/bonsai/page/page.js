/* Draws the charts of the page from the numbers that the page holds. */
(() => {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  const charts = [];

  const VERDICTS = {
    BASELINE: { name: 'baseline', colour: '--grey', symbol: 'roundRect' },
    ACCEPTED: { name: 'accepted', colour: '--green', symbol: 'circle' },
    RECOVERING: { name: 'recovering', colour: '--orange', symbol: 'diamond' },
    UNDECIDED: { name: 'undecided', colour: '--purple', symbol: 'pin' },
    REFUSED: { name: 'refused', colour: '--red', symbol: 'triangle' },
    ROLLED_BACK: { name: 'undone', colour: '--red', symbol: 'triangle' },
  };

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function isNumber(value) {
    return typeof value === 'number' && Number.isFinite(value);
  }

  /* A page of a hostile model stays a page: texts are drawn, never read as HTML. */
  function tooltip(more) {
    return Object.assign({
      renderMode: 'richText', confine: true, backgroundColor: colour('--sheet'), borderColor: colour('--line'),
      textStyle: { color: colour('--ink'), fontSize: 12, width: Math.min(320, innerWidth - 80), overflow: 'break' },
    }, more);
  }

  function axis(more) {
    return Object.assign({
      axisLabel: { color: colour('--quiet') }, axisLine: { lineStyle: { color: colour('--line') } },
      splitLine: { lineStyle: { color: colour('--line') } }, nameTextStyle: { color: colour('--quiet') },
    }, more);
  }

  function draw(id, options) {
    const place = typeof id === 'string' ? document.getElementById(id) : id;
    if (!place) {
      return;
    }
    const chart = echarts.init(place, null, { renderer: 'svg' });
    charts.push({ chart, options });
    chart.setOption(options());
  }

  function heading(text, top) {
    return { text, top, left: 0, textStyle: { color: colour('--ink'), fontSize: 13, fontWeight: 600 } };
  }

  /* The metrics that matter lie near the tolerance: what is far below is drawn at the lower edge. */
  function range(values) {
    const near = [data.validation.baseline, data.validation.bound, data.validation.achieved,
      ...data.epochs.map(e => e.metric)].filter(isNumber);
    if (!near.length) {
      return null;
    }
    let low = Math.min(...near);
    let high = Math.max(...near);
    const room = (high - low || Math.abs(high) || 1) * 1.5;
    const all = values.filter(isNumber);
    low = Math.max(low - room, Math.min(low, ...all));
    high = Math.min(high + room, Math.max(high, ...all));
    const edge = (high - low) * 0.08;
    return { low: low - edge, high: high + edge };
  }

  function timeline() {
    const shown = data.trials.filter(t => VERDICTS[t.verdict] && isNumber(t.metric));
    const limits = range(shown.map(t => t.metric));
    const epochs = data.epochs.filter(e => isNumber(e.metric));
    const last = Math.max(1, ...data.epochs.map(e => e.epoch), ...data.trials.map(t => t.epoch));
    const edge = value => limits ? Math.min(limits.high, Math.max(limits.low, value)) : value;
    const { baseline, bound } = data.validation;
    const series = [{
      name: 'state that is kept', type: 'line', step: 'end', showSymbol: false,
      data: [...epochs.map(e => [e.epoch, e.metric])], lineStyle: { width: 2, color: colour('--blue') },
      itemStyle: { color: colour('--blue') },
      markLine: {
        silent: true, symbol: 'none', lineStyle: { color: colour('--grey'), type: 'dashed' },
        data: [
          { yAxis: baseline, label: { formatter: 'dense', color: colour('--quiet'), position: 'insideStartTop' } },
          { yAxis: bound, label: { formatter: 'the worst that is allowed in the end', color: colour('--quiet'), position: 'insideEndBottom' } },
        ].filter(line => isNumber(line.yAxis)),
      },
      tooltip: { formatter: p => `epoch ${p.value[0]}: ${data.validation.metric} ${p.value[1]}` },
    }];
    const names = [];
    for (const [verdict, look] of Object.entries(VERDICTS)) {
      const marks = shown.filter(t => t.verdict === verdict);
      if (!marks.length) {
        continue;
      }
      names.push({ name: look.name, icon: look.symbol });
      series.push({
        name: look.name, type: 'scatter', symbol: look.symbol, symbolSize: 11, z: 5,
        itemStyle: { color: colour(look.colour), borderColor: colour('--ground'), borderWidth: 1 },
        data: marks.map(t => ({ value: [t.epoch, edge(t.metric)], trial: t,
          symbolRotate: look.symbol === 'triangle' ? 180 : 0 })),
        tooltip: { formatter: p => {
          const t = p.data.trial;
          return `epoch ${t.epoch}, ${t.technique}: asked ${t.asked}, got ${t.got}\n${t.explanation}`;
        } },
      });
    }
    const step = (name, index, key, tone) => ({
      name, type: 'line', step: 'end', xAxisIndex: index, yAxisIndex: index, symbolSize: 5, showSymbol: data.epochs.length < 40,
      data: data.epochs.map(e => [e.epoch, e[key]]).concat([[last, data[key]]]),
      itemStyle: { color: colour(tone) }, lineStyle: { width: 2, color: colour(tone) },
      tooltip: { formatter: p => `epoch ${p.value[0]}: ${name} ${Number(p.value[1].toFixed(4))}` },
    });
    series.push(step('sparsity', 1, 'sparsity', '--green'), step('bits', 2, 'bits', '--orange'));
    const narrow = innerWidth < 640;
    const place = (top, height) => ({ left: 56, right: 16, top, height });
    const time = (gridIndex, show) => axis({
      type: 'value', gridIndex, min: 0, max: last, minInterval: 1, splitLine: { show: false },
      axisLabel: { show, color: colour('--quiet') }, name: show ? 'epochs' : '', nameLocation: 'middle', nameGap: 24,
    });
    const shift = narrow ? 50 : 0;
    return {
      animation: false, tooltip: tooltip({ trigger: 'item', triggerOn: 'mousemove|click' }),
      legend: { top: 22, left: 0, data: [{ name: 'state that is kept' }, ...names], textStyle: { color: colour('--ink') }, itemHeight: 10, itemWidth: 14 },
      title: [heading(data.validation.metric, 0), heading('sparsity', 330 + shift), heading('bits of a weight', 435 + shift)],
      grid: [place(60 + shift, 245), place(354 + shift, 60), place(459 + shift, 60)],
      xAxis: [time(0, false), time(1, false), time(2, true)],
      yAxis: [
        axis({ type: 'value', gridIndex: 0, min: limits ? limits.low : null, max: limits ? limits.high : null,
          axisLabel: { color: colour('--quiet'), formatter: v => String(Number(v.toPrecision(4))), showMinLabel: false, showMaxLabel: false } }),
        axis({ type: 'value', gridIndex: 1, min: 0, max: 1, interval: 0.5 }),
        axis({ type: 'value', gridIndex: 2, min: 0, max: 32, interval: 16 }),
      ],
      series,
    };
  }

  function bytes(value) {
    const size = Math.abs(value);
    return size < 1e3 ? `${value} B` : size < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(2)} MB`;
  }

  function waterfall() {
    const steps = data.waterfall.concat([{ name: 'file', bytes: data.waterfall[data.waterfall.length - 1].bytes, change: 0 }]);
    const whole = s => s.change === 0;
    return {
      animation: false, grid: { left: 8, right: 70, top: 10, bottom: 30, containLabel: true }, tooltip: tooltip({ trigger: 'item' }),
      xAxis: axis({ type: 'value', axisLabel: { color: colour('--quiet'), formatter: bytes, hideOverlap: true } }),
      yAxis: axis({ type: 'category', inverse: true, data: steps.map(s => s.name), axisLabel: { color: colour('--ink') } }),
      series: [
        { type: 'bar', stack: 'bytes', silent: true, itemStyle: { color: 'transparent' }, tooltip: { show: false },
          data: steps.map(s => whole(s) ? 0 : Math.min(s.bytes, s.bytes - s.change)) },
        { type: 'bar', stack: 'bytes', barMinHeight: 2,
          data: steps.map(s => ({ value: whole(s) ? s.bytes : Math.abs(s.change),
            itemStyle: { color: colour(whole(s) ? '--blue' : s.change < 0 ? '--green' : '--red') } })),
          label: { show: true, position: 'right', color: colour('--ink'),
            formatter: p => { const s = steps[p.dataIndex]; return (s.change > 0 ? '+' : '') + bytes(whole(s) ? s.bytes : s.change); } },
          tooltip: { formatter: p => { const s = steps[p.dataIndex]; return `${s.name}: ${s.bytes} bytes left`; } } },
      ],
    };
  }

  function histograms() {
    const place = document.getElementById('histograms');
    if (!place) {
      return;
    }
    const largest = data.weights.filter(w => w.histogram).sort((a, b) => b.size - a.size).slice(0, 24);
    for (const weight of data.weights.filter(w => largest.includes(w))) {
      const figure = document.createElement('figure');
      const caption = document.createElement('figcaption');
      caption.textContent = `${weight.path}, ${(100 * weight.zeros / weight.size).toFixed(1)} % zero`;
      caption.title = weight.path;
      const box = document.createElement('div');
      box.className = 'histogram';
      figure.append(caption, box);
      place.append(figure);
      draw(box, () => histogram(weight.histogram));
    }
  }

  function histogram(h) {
    const share = counts => { const most = Math.max(1, ...counts); return counts.map(c => c / most); };
    const middle = h.after.map((_, i) => h.from + (i + 0.5) * h.width);
    const text = (i, counts) => counts.length ? counts[i] : 'not known';
    return {
      animation: false, grid: { left: 4, right: 4, top: 4, bottom: 22 },
      tooltip: tooltip({ trigger: 'axis', formatter: p => {
        const i = p[0].dataIndex;
        return `about ${Number(middle[i].toPrecision(3))}\nbefore: ${text(i, h.before)}\nnow: ${text(i, h.after)}`;
      } }),
      xAxis: axis({ type: 'category', data: middle.map(v => Number(v.toPrecision(2))), axisTick: { show: false },
        axisLine: { onZero: false, lineStyle: { color: colour('--line') } },
        axisLabel: { color: colour('--quiet'), interval: (middle.length - 1) / 2 - 1, alignMinLabel: 'left', alignMaxLabel: 'right' } }),
      yAxis: axis({ type: 'value', min: -1, max: 1, show: false }),
      series: [
        { type: 'bar', stack: 'one', barCategoryGap: '10%', data: share(h.before), itemStyle: { color: colour('--grey') } },
        { type: 'bar', stack: 'one', data: share(h.after).map(v => -v), itemStyle: { color: colour('--blue') } },
      ],
    };
  }

  function front() {
    const points = data.front.filter(p => isNumber(p.metric));
    const edge = points.filter(p => p.onFront).sort((a, b) => a.bytes - b.bytes);
    return {
      animation: false, grid: { left: 8, right: 44, top: 34, bottom: 34, containLabel: true }, tooltip: tooltip({ trigger: 'item' }),
      xAxis: axis({ type: 'log', name: 'bytes', nameLocation: 'middle', nameGap: 26, axisLabel: { color: colour('--quiet'), formatter: bytes } }),
      yAxis: axis({ type: 'value', scale: true, name: data.metric, boundaryGap: ['10%', '15%'] }),
      series: [
        { type: 'line', silent: true, showSymbol: false, data: edge.map(p => [p.bytes, p.metric]), lineStyle: { color: colour('--grey'), type: 'dashed' } },
        { type: 'scatter', symbolSize: (_, p) => p.data.point.chosen ? 16 : 10,
          data: points.map(p => ({ value: [p.bytes, p.metric], point: p,
            itemStyle: { color: colour(p.chosen ? '--green' : p.onFront ? '--blue' : '--grey') } })),
          label: { show: points.length <= 12, position: 'top', color: colour('--ink'), formatter: p => p.data.point.name.slice(0, 24) },
          labelLayout: { hideOverlap: true },
          tooltip: { formatter: p => `${p.data.point.name}\n${bytes(p.data.point.bytes)}, ${data.metric} ${p.data.point.metric}` } },
      ],
    };
  }

  /* A page holds some of the numbers only; a comparison of runs has points and nothing else. */
  function any(list) {
    return Array.isArray(list) && list.length > 0;
  }

  function all() {
    if (any(data.epochs) || any(data.trials)) {
      draw('timeline', timeline);
    }
    if (any(data.waterfall)) {
      draw('waterfall', waterfall);
    }
    if (any(data.weights)) {
      histograms();
    }
    if (any(data.front)) {
      draw('front', front);
    }
  }

  function again() {
    for (const { chart, options } of charts) {
      chart.resize();
      chart.setOption(options(), true);
    }
  }

  all();
  addEventListener('resize', again);
  addEventListener('beforeprint', () => {
    document.querySelectorAll('details').forEach(part => { part.open = true; }); // paper can't be unfolded
    again();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
})();
