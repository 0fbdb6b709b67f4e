import * as echarts from 'echarts';

const c = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 400, height: 200 });
c.setOption({
  animation: false,
  xAxis: {},
  yAxis: {},
  series: [
    {
      type: 'line',
      data: [
        [1, 2],
        [3, 4],
      ],
      areaStyle: {
        color: {
          type: 'linear',
          x: 0,
          y: 0,
          x2: 1,
          y2: 0,
          colorStops: [
            { offset: 0, color: 'red' },
            { offset: 1, color: 'blue' },
          ],
        },
      },
      markLine: { data: [{ xAxis: 2 }] },
    },
  ],
});
console.log(c.renderToSVGString());
