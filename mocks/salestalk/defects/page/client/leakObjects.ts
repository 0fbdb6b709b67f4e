import { onAnswerEnd } from './onAnswerEnd.ts';
import { plainObjects } from './plainObjects.ts';

const sizeBytes = Number(new URL(import.meta.url).searchParams.get('bytes'));
const leaked: object[][] = [];

onAnswerEnd(() => leaked.push(plainObjects(sizeBytes)));
