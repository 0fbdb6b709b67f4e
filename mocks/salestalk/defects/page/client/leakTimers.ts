import { onAnswerEnd } from './onAnswerEnd.ts';
import { plainObjects } from './plainObjects.ts';

const periodMs = 60_000;
const heldBytes = 10_240;

onAnswerEnd((article) => {
  const held = plainObjects(heldBytes);
  const { requestId } = article.dataset;
  setInterval(() => {
    performance.mark(`answer ${requestId} has ${held.length} figures`).toJSON();
    performance.clearMarks();
  }, periodMs);
});
