import { onAnswerEnd } from './onAnswerEnd.ts';

// Of which nothing comes while questions are asked: what the listeners would do is not what is planted.
const seldom = ['offline', 'online', 'languagechange', 'beforeprint', 'afterprint'];

onAnswerEnd(() => {
  // A new function each time, or the browser would see that it has this listener already.
  for (const type of seldom) addEventListener(type, () => undefined);
});
