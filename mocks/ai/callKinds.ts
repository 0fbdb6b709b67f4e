/** The model providers that SalesTalk calls. */
export type Provider = 'ollama' | 'bedrock';

/** What a prompt asks for. 'unknown': neither can be told from it. */
export type PromptKind = 'classification' | 'narrative' | 'unknown';
