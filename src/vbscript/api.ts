/** The words of the embedding API: they are those of every script engine, and the automation room holds them. */
export type {
  CompiledScript,
  CompileOptions,
  LineOrigin,
  ScriptLimits,
  ScriptProcedure,
  ScriptSession,
  SessionHost,
  SessionOptions,
  SourcePosition,
  TracedCall,
  TraceListener,
} from '../automation/index.ts';
