import { serveAuditor } from './serveAuditor.ts';

serveAuditor();
