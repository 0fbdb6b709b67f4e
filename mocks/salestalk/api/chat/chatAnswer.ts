import type { AiProviderName } from '../ai/aiProvider.ts';
import type { Classification } from '../classify/classificationSchema.ts';
import type { DataReference } from '../data/dataReference.ts';

/** What `POST /chat` answers, and what the `complete` event carries. */
export type ChatAnswer = {
  /** The narrative, or the reason why there is none. */
  response: string;
  sessionId: string;
  requestId: string;
  classification: Classification;
  /** Empty when the answer was refused or the tenant has no figures for what was asked. */
  dataReferences: DataReference[];
  metadata: {
    /** Whole milliseconds from the arrival of the request to this answer, gateway and network left out. */
    latencyMs: number;
    provider: AiProviderName;
    /** Overall confidence of the classification, 0 to 1. */
    confidence: number;
    /** True when the confidence was too low to answer. Absent otherwise. */
    refused?: true;
  };
};
