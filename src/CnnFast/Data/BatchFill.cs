namespace CnnFast.Data;

/// <summary>Writes the chosen samples and their labels into the buffers of a batch; runs on a thread of the pool.</summary>
/// <param name="indices">The samples.</param>
/// <param name="images">Receives <c>[indices.Length, H, W, C]</c>.</param>
/// <param name="labels">Receives one class a sample.</param>
internal delegate void BatchFill(ReadOnlySpan<int> indices, Span<float> images, Span<int> labels);
