"""How a model learns from labels: `objectives` (one function an equation), `batches`, `finetune`."""
