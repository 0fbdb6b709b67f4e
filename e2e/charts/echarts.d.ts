/** ECharts as one file: its index loads 590, which took each process of a run half a second. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}
