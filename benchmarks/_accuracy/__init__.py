"""Parts of `benchmarks/accuracy.py`: cases, examination, scores, batches, real scans, the document."""
