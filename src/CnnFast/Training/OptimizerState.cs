using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>An optimizer at work on a model: what it remembers of every parameter, and how many steps it has made.</summary>
internal sealed class OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters)
{
    private readonly AlignedBuffer<float>[] _buffers = [.. parameters.Select(parameter => new AlignedBuffer<float>(checked(parameter.Shape.ElementCount * optimizer.StatePerWeight)))];
    private readonly OptimizerOperators _operators = OptimizerOperators.Create();

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer => optimizer;

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    /// <summary>Changes all trainable parameters once.</summary>
    public void Step(IWorkScheduler scheduler, ParameterGradients gradients, int batch, float factor)
    {
        Steps++;
        float decay = optimizer.L2.FactorFor(batch);
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.Trainable)
                optimizer.Step(_operators, scheduler, parameter.BeginWrite(), gradients[parameter], _buffers[i].Span, new OptimizerUpdate(Steps, optimizer.LearningRate * factor, parameter.Decays ? decay : 0));
        }
    }
}
