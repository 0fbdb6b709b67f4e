import { onAnswerEnd } from './onAnswerEnd.ts';

const leaked: Node[] = [];

onAnswerEnd((article) => leaked.push(article.cloneNode(true)));
