using System.Numerics.Tensors;

namespace CnnFast.Training;

/// <summary>One parameter's update, cut into blocks of a fixed number of weights.</summary>
internal readonly struct UpdateAction(
    Optimizer optimizer,
    Memory<float> weights,
    Memory<float> gradient,
    string[] names,
    AlignedBuffer<float>[] tensors,
    OptimizerStep step) : IRangeAction
{
    // A weight with what is remembered of it costs about as much time as this many multiply-adds.
    private const long CostPerWeight = 32;

    private readonly WeightBlocks _blocks = new(weights.Length, isWhole: !optimizer.IsElementwise);

    public int Parts => _blocks.Count;

    public long Cost => weights.Length * CostPerWeight;

    public void Invoke(int index, int worker)
    {
        (int start, int count) = _blocks[index];
        Span<float> changed = weights.Span.Slice(start, count);
        Span<float> slope = gradient.Span.Slice(start, count);
        OptimizerStep numbers = step;
        if (numbers.L2 != 0 && !optimizer.AddsL2)
        {
            TensorPrimitives.MultiplyAdd(changed, numbers.L2, slope, slope);
            numbers = numbers with { L2 = 0 };
        }

        optimizer.Update(changed, slope, new OptimizerTensors(optimizer, names, tensors, start, count), numbers);
    }
}
