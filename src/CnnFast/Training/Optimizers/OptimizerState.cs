using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>An optimizer at work on a model: what it remembers of every parameter, and how many steps and epochs it has made.</summary>
internal sealed class OptimizerState
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly string[] _names;
    private readonly AlignedBuffer<float>[][] _tensors;

    /// <summary>Starts from nothing.</summary>
    /// <exception cref="ArgumentException">The optimizer remembers two tensors of one name.</exception>
    public OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters)
    {
        Optimizer = optimizer;
        _parameters = parameters;
        _names = [.. optimizer.StateNames];
        if (_names.Distinct().Count() != _names.Length)
            throw new ArgumentException($"{optimizer.GetType().Name}: StateNames are [{string.Join(", ", _names)}]; expected each once.",
                nameof(optimizer));
        _tensors = [.. parameters.Select(CreateTensors)];
    }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    /// <summary>Epochs in which there was a step; decides the order and the random changes of the next one's images.</summary>
    public int Epochs { get; private set; }

    /// <summary>Ends an epoch.</summary>
    public void CountEpoch() => Epochs++;

    /// <summary>Changes all trainable parameters once: statistics towards the batch's, the others by the optimizer.</summary>
    public void Step(IWorkScheduler scheduler, ParameterGradients gradients, int batch, float factor)
    {
        Steps++;
        var plain = new OptimizerStep { Step = Steps, LearningRate = Optimizer.LearningRate * factor };
        OptimizerStep decaying = plain with { L2 = Optimizer.L2.FactorFor(batch), Decays = true };
        for (int i = 0; i < _parameters.Count; i++)
        {
            Parameter parameter = _parameters[i];
            if (!parameter.Trainable || !gradients.Contains(parameter))
                continue;
            Memory<float> weights = parameter.BeginWriteMemory();
            if (parameter.Info.IsStatistic)
                Average(weights.Span, gradients, parameter);
            else
                Update(scheduler, weights, gradients.MemoryOf(parameter), _tensors[i], parameter.Decays ? decaying : plain);
        }
    }

    private void Update(IWorkScheduler scheduler, Memory<float> weights, ReadOnlyMemory<float> gradient, AlignedBuffer<float>[] tensors,
        in OptimizerStep step)
    {
        var action = new UpdateAction(Optimizer, weights, gradient, _names, tensors, step);
        scheduler.Run(action.Parts, action.Cost, action);
    }

    // Nodes that share a layer move its averages one after the other.
    private static void Average(Span<float> moving, ParameterGradients gradients, Parameter parameter)
    {
        double momentum = parameter.Info.Momentum;
        for (int use = 0; use < gradients.UsesOf(parameter); use++)
        {
            ReadOnlySpan<float> batch = gradients.MemoryOf(parameter, use).Span;
            for (int i = 0; i < moving.Length; i++)
                moving[i] = (float)((momentum * moving[i]) + ((1 - momentum) * batch[i]));
        }
    }

    private AlignedBuffer<float>[] CreateTensors(Parameter parameter) =>
        parameter.Info.IsStatistic ? [] : [.. _names.Select(_ => new AlignedBuffer<float>(parameter.Shape.ElementCount))];
}
