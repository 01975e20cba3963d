import { BarChart } from '@mantine/charts';
import type { Bucket } from './data';

/** Tokens and refusals over time. In a file of its own: what draws it is large, and loaded when it is shown. */
export default function Chart({ buckets }: { buckets: Bucket[] }) {
  return (
    <BarChart
      h={chartHeight}
      data={buckets}
      dataKey="label"
      type="stacked"
      withLegend
      legendProps={{ verticalAlign: 'top', height: 36 }}
      tickLine="none"
      gridAxis="x"
      yAxisProps={{ allowDecimals: false, width: 44 }}
      xAxisProps={{ minTickGap: 24 }}
      barProps={{ isAnimationActive: false, maxBarSize: 28 }}
      valueFormatter={(n) => n.toLocaleString('en')}
      series={[
        { name: 'issued', label: 'Tokens issued', color: 'var(--writ-accent)' },
        { name: 'refused', label: 'Requests refused', color: 'var(--writ-danger)' },
      ]}
    />
  );
}

/** Pixels; kept free while the chart is loaded. */
const chartHeight = 280;
