/** ECharts as one file. Its index loads 590 modules, which took each process of a run half a second. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}
