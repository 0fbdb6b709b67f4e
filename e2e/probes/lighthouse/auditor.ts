import { serveAuditor } from './serveAuditor.ts';

await serveAuditor();
