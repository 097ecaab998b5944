using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>An optimizer at work on a model: what it remembers of every parameter, and how many steps and epochs it has made.</summary>
internal sealed class OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters)
{
    private readonly AlignedBuffer<float>[] _buffers = [.. parameters.Select(parameter => new AlignedBuffer<float>(LengthOf(parameter.Name, parameter.Shape, parameter.Info.IsStatistic ? 0 : optimizer.StatePerWeight)))];
    private readonly OptimizerOperators _operators = OptimizerOperators.Create();

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer => optimizer;

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    /// <summary>Epochs in which there was a step; decides the order and the random changes of the next one's images.</summary>
    public int Epochs { get; private set; }

    /// <summary>How many floats are remembered of a parameter.</summary>
    /// <exception cref="ShapeException">They do not fit one buffer.</exception>
    public static int LengthOf(string parameter, Shape shape, int statePerWeight)
    {
        long length = (long)shape.ElementCount * statePerWeight;
        return length <= Array.MaxLength - ArenaAlignment.Floats
            ? (int)length
            : throw new ShapeException($"Trainer: the optimizer remembers {length} values of '{parameter}' {shape}; expected at most {Array.MaxLength - ArenaAlignment.Floats}, which is the most that one buffer can hold.");
    }

    /// <summary>Ends an epoch.</summary>
    public void CountEpoch() => Epochs++;

    /// <summary>Changes all trainable parameters once: statistics towards the batch's, the others by the optimizer.</summary>
    public void Step(IWorkScheduler scheduler, ParameterGradients gradients, int batch, float factor)
    {
        Steps++;
        float decay = optimizer.L2.FactorFor(batch);
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (!parameter.Trainable || !gradients.Contains(parameter))
                continue;
            if (parameter.Info.IsStatistic)
                Average(parameter.BeginWrite(), gradients[parameter], parameter.Info.Momentum);
            else
                optimizer.Step(_operators, scheduler, parameter.BeginWrite(), gradients[parameter], _buffers[i].Span, new OptimizerUpdate(Steps, optimizer.LearningRate * factor, parameter.Decays ? decay : 0));
        }
    }

    private static void Average(Span<float> moving, ReadOnlySpan<float> batch, double momentum)
    {
        for (int i = 0; i < moving.Length; i++)
            moving[i] = (float)((momentum * moving[i]) + ((1 - momentum) * batch[i]));
    }
}
