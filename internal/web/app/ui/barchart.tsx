import { BarChart } from '@mantine/charts';
import classes from './barchart.module.css';

export interface BarsProps {
  /** One bar each; label is what stands below it. */
  data: ({ label: string } & Record<string, unknown>)[];
  /** What a bar is stacked of, from below: keys of data. */
  series: { name: string; label: string; color: string }[];
}

/**
 * Numbers over time, as high as the box around it. In a file of its own: what draws it is large, and loaded when it is shown. The legend is
 * ours, because the library places its own by a width measured too early and cuts its end.
 */
export default function Bars({ data, series }: BarsProps) {
  return (
    <div className={classes.chart}>
      <ul className={classes.legend}>
        {series.map(({ name, label, color }) => (
          <li key={name}>
            <span className={classes.dot} style={{ background: color }} />
            {label}
          </li>
        ))}
      </ul>
      <div className={classes.bars}>
        <BarChart
          h="100%"
          data={data}
          dataKey="label"
          type="stacked"
          tickLine="none"
          gridAxis="x"
          barChartProps={{ margin: { top: 12 } }}
          yAxisProps={{ allowDecimals: false, width: 44 }}
          xAxisProps={{ minTickGap: 24, interval: 'equidistantPreserveStart' }}
          barProps={{ isAnimationActive: false, maxBarSize: 28 }}
          valueFormatter={(n) => n.toLocaleString('en')}
          series={series}
        />
      </div>
    </div>
  );
}
