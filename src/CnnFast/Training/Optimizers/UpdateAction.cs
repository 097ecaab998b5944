namespace CnnFast.Training;

/// <summary>One parameter's update, cut into blocks of a fixed number of weights.</summary>
internal readonly struct UpdateAction(
    Optimizer optimizer,
    Memory<float> weights,
    ReadOnlyMemory<float> gradient,
    string[] names,
    AlignedBuffer<float>[] tensors,
    OptimizerStep step) : IRangeAction
{
    private const int Block = 16384;

    // A weight with what is remembered of it costs about as much time as this many multiply-adds.
    private const long CostPerWeight = 32;

    private readonly int _block = optimizer.IsElementwise ? Block : weights.Length;

    public int Parts => ((weights.Length - 1) / _block) + 1;

    public long Cost => weights.Length * CostPerWeight;

    public void Invoke(int index, int worker)
    {
        int start = index * _block;
        int count = Math.Min(_block, weights.Length - start);
        optimizer.Update(
            weights.Span.Slice(start, count),
            gradient.Span.Slice(start, count),
            new OptimizerTensors(names, tensors, start, count),
            step);
    }
}
