using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Training;

namespace CnnFast.Verification;

/// <summary>One run of <see cref="GradientChecker"/>.</summary>
internal sealed class GradientCheckRun
{
    private const string Who = "GradientChecker";

    private readonly Objective _objective;
    private readonly GradientCheckOptions _options;
    private readonly IProgress<CheckProgress>? _progress;
    private readonly CancellationToken _stop;
    private readonly Graph _graph;
    private readonly int _batch;
    private int _done;
    private int _total;

    public GradientCheckRun(Objective objective, GradientCheckOptions options, IProgress<CheckProgress>? progress, CancellationToken stop)
    {
        _objective = objective;
        _options = options;
        _progress = progress;
        _stop = stop;
        _graph = GraphCompiler.Compile(objective.Graph, GraphCompiler.TrainingPasses).Graph;
        _batch = _graph.Inputs.Any(input => input.IsWhole) ? 1 : options.Batch;
    }

    public GradientReport Run()
    {
        ReadOnlyMemory<float>[] inputs = CheckInputs.Of(Who, _graph.Inputs, _batch, _options.Inputs, _options.Seed);
        var step = new TrainedStep(_graph, _batch, _options);
        step.Forward(inputs);
        LossCheck? loss = _objective.Targets(Who, _batch, _options);
        float[][] seeds = OutputGradients(step, loss);
        step.Backward(seeds);

        ValueInfo[] sources = [.. _graph.Inputs.Where(step.IsKept)];
        Parameter[] parameters = [.. _graph.Parameters.Where(step.HasGradient)];
        _total = step.Nodes.Count + parameters.Length + sources.Length;
        var tensors = new List<TensorGradient>();
        if (loss is not null)
            tensors.Add(loss.Check(_objective.Name!, _graph.Outputs[0].ShapeFor(_batch), step.Value(_graph.Outputs[0]), seeds[0],
                SampledElements.Of(_options, 0, seeds[0].Length)));
        var layers = new LayerGradients(_graph, _batch, _options, step, seeds);
        var references = new List<TensorGradient>(layers.Check(Report, _stop));
        tensors.AddRange(AgainstDifferences(references, parameters, sources, inputs, seeds, step));
        return new GradientReport(_objective.Name, tensors, layers.WithoutReference);
    }

    private float[][] OutputGradients(TrainedStep step, LossCheck? loss)
    {
        var random = new SeededRandom(_options.Seed, stream: 3);
        var gradients = new float[_graph.Outputs.Count][];
        for (int output = 0; output < gradients.Length; output++)
        {
            float[] values = step.Value(_graph.Outputs[output]);
            gradients[output] = new float[values.Length];
            if (loss is not null)
                loss.Gradient(values, gradients[output]);
            for (int i = 0; loss is null && i < values.Length; i++)
                gradients[output][i] = (float)((2 * random.NextDouble()) - 1);
        }

        return gradients;
    }

    // The whole run in double exists where every node on the way has a reference.
    private List<TensorGradient> AgainstDifferences(List<TensorGradient> tensors, Parameter[] parameters, ValueInfo[] sources,
        ReadOnlyMemory<float>[] inputs, float[][] seeds, TrainedStep step)
    {
        if (_options.Samples == 0 || !CentralDifferences.CanRun(_graph))
            return tensors;
        var differences = new CentralDifferences(_graph, _batch, _options, inputs, seeds);
        for (int i = 0; i < tensors.Count; i++)
        {
            TensorGradient tensor = tensors[i];
            if (tensor.Kind is not (GradientKind.Parameter or GradientKind.Input))
                continue;
            tensors[i] = tensor.Kind == GradientKind.Parameter
                ? differences.Check(tensor, parameters.First(parameter => parameter.Name == tensor.Name), step, _stop)
                : differences.Check(tensor, sources.First(source => source.Name == tensor.Name), step, _stop);
            Report(tensor.Name);
        }

        return tensors;
    }

    private void Report(string name) => _progress?.Report(new CheckProgress(++_done, Math.Max(_done, _total), name));
}
