import { BarChart } from '@mantine/charts';

interface BarsProps {
  /** One bar each; label is what stands below it. */
  data: ({ label: string } & Record<string, unknown>)[];
  /** What a bar is stacked of, from below: keys of data. */
  series: { name: string; label: string; color: string }[];
}

/** Numbers over time. In a file of its own: what draws it is large, and loaded when it is shown. */
export default function Bars({ data, series }: BarsProps) {
  return (
    <BarChart
      h={chartHeight}
      data={data}
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
      series={series}
    />
  );
}

/** Pixels; kept free while the chart is loaded. */
const chartHeight = 280;
