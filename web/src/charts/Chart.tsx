/* ECharts with only what the pages use. Colour is never alone: patterns are on, and every chart has a
 * table view beside it. */
import { LineChart, SankeyChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

echarts.use([LineChart, SankeyChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

interface Props {
  option: EChartsCoreOption;
  label: string;
  height: number;
  onPick?: (item: { name: string; data: unknown; dataType?: string }) => void;
}

export default function Chart({ option, label, height, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = echarts.init(element, undefined, { renderer: 'svg' });
    chart.current = made;
    made.on('click', (event) => pick.current?.({ name: String(event.name), data: event.data, dataType: event.dataType }));
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption({ animation: false, ...option }, true);
  }, [option]);
  return <div ref={box} className="chart" role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
