using CnnFast.Graphs;
using CnnFast.Training;

namespace CnnFast.Verification;

/// <summary>
/// Holds every layer of a training step against its reference on the values and gradients that the kernels had there, so that no error of
/// one layer hides in the bound of the next.
/// </summary>
internal sealed class LayerGradients
{
    private readonly Graph _graph;
    private readonly int _batch;
    private readonly TrainedStep _step;
    private readonly ReferenceModel _exact;
    private readonly ReferenceModel _magnitudes;
    private readonly HashSet<int> _unknown = [];
    private readonly HashSet<string> _unknownParameters = [];
    private readonly List<string> _withoutReference = [];
    private readonly Dictionary<int, long> _terms = [];
    private readonly Dictionary<string, long> _parameterTerms = [];

    public LayerGradients(Graph graph, int batch, GradientCheckOptions options, TrainedStep step, float[][] outputGradients)
    {
        _graph = graph;
        _batch = batch;
        _step = step;
        _exact = new ReferenceModel(graph, batch) { Training = true, Key = new RandomKey(options.Seed, TrainedStep.Step) };
        _magnitudes = new ReferenceModel(graph, batch, absolute: true)
        {
            Exact = _exact,
            Training = true,
            Key = _exact.Key,
            SpreadsTiles = options.ConvAlgorithm != ConvAlgorithm.Direct,
        };
        foreach (ValueInfo input in graph.Inputs.Where(step.IsKept))
            Know(input, step.Value(input));
        for (int output = 0; output < outputGradients.Length; output++)
            AddGradient(graph.Outputs[output], outputGradients[output]);
    }

    /// <summary>What could not be compared, a sentence each.</summary>
    public IReadOnlyList<string> WithoutReference => _withoutReference;

    /// <summary>Goes forwards, then backwards.</summary>
    public IEnumerable<TensorGradient> Check(Action<string> report, CancellationToken stop)
    {
        var forward = new Dictionary<int, ElementError>();
        for (int index = 0; index < _graph.Nodes.Count; index++)
        {
            stop.ThrowIfCancellationRequested();
            if (Forward(index) is { } error)
                forward[index] = error;
        }

        var gradients = new Dictionary<int, TensorGradient>();
        for (int index = _graph.Nodes.Count - 1; index >= 0; index--)
        {
            stop.ThrowIfCancellationRequested();
            if (Backward(index) is not { } gradient)
                continue;
            gradients[index] = forward.TryGetValue(index, out ElementError error) ? gradient with { Forward = error } : gradient;
            report(_graph.Nodes[index].Name);
        }

        var parameters = Parameters().ToLookup(tensor => tensor.Layer);
        return [.. _graph.Nodes.Select((node, index) => (node, index)).Reverse().SelectMany(pair =>
            gradients.TryGetValue(pair.index, out TensorGradient? value)
                ? parameters[pair.node.Name].Prepend(value)
                : parameters[pair.node.Name]), .. Inputs()];
    }

    // Runs the reference of a node and goes on with what the kernels computed.
    private ElementError? Forward(int index)
    {
        Node node = _graph.Nodes[index];
        if (!node.Inputs.All(_exact.HasValue))
        {
            if (_step.IsKept(node.Output))
                Know(node.Output, _step.Value(node.Output));
            return null;
        }

        if (ReferenceOperations.Of(node.Operation) is null)
        {
            if (_step.Nodes.Contains(index))
                _withoutReference.Add($"{node.Operation.Kind} '{node.Name}' has no reference: what it gives is taken from the kernels.");
            if (_step.IsKept(node.Output))
                Know(node.Output, _step.Value(node.Output));
            return null;
        }

        double[] exact = _exact.RunNode(index), magnitudes = _magnitudes.RunNode(index);
        if (!_step.IsKept(node.Output))
            return null;
        float[] actual = _step.Value(node.Output);
        ElementError error = ElementError.Measure(actual, exact, magnitudes, ReferenceModel.TermsOf(node));
        Know(node.Output, actual);
        return error;
    }

    private TensorGradient? Backward(int index)
    {
        Node node = _graph.Nodes[index];
        double[]? expected = _exact.Gradient(node.Output);
        bool isUnknown = _unknown.Contains(node.Output.Id);
        TensorGradient? result = null;
        if (_step.IsKept(node.Output))
        {
            float[] actual = _step.Gradient(node.Output).ToArray();
            result = new TensorGradient(node.Output.Name, node.Name, GradientKind.Value, node.Output.ShapeFor(_batch))
            {
                Gradient = Measure(actual, node.Output, isUnknown),
            };
            expected = Doubles(actual);
            isUnknown = false;
        }

        if (expected is null && !isUnknown)
            return result;
        ReferenceOperation? reference = ReferenceOperations.Of(node.Operation);
        if (isUnknown || expected is null || reference is not { HasGradient: true } || !node.Inputs.All(_exact.HasValue))
        {
            NoGradient(node, reference);
            return result;
        }

        Backward(index, node, expected);
        int kinks = _magnitudes.NodeAt(index).Kinks;
        return result is null ? null : result with { Kinks = kinks };
    }

    private void Backward(int index, Node node, double[] dy)
    {
        long terms = ReferenceModel.TermsOf(node);
        // What the kernels keep no gradient of, such as a view, has the sums of the references behind it.
        long carried = _step.IsKept(node.Output) ? 0 : _terms.GetValueOrDefault(node.Output.Id);
        long pixels = _batch * (node.Output.SampleLength / Math.Max(1, node.Output.Shape.Dimensions[^1]));
        _exact.RunNodeBackward(index, dy);
        _magnitudes.RunNodeBackward(index, _step.IsKept(node.Output)
            ? [.. dy.Select(Math.Abs)]
            : _magnitudes.Gradient(node.Output) ?? [.. dy.Select(Math.Abs)]);
        foreach (ValueInfo input in node.Inputs)
            _terms[input.Id] = _terms.GetValueOrDefault(input.Id) + terms + 1 + (SumsPixels(node) ? pixels : 0) + carried;
        foreach (Parameter parameter in node.Parameters)
            _parameterTerms[parameter.Name] = _parameterTerms.GetValueOrDefault(parameter.Name) + terms + pixels;
    }

    // Batch normalisation sums over the pixels on the way to the gradient of its input; so do factors of all pixels.
    private static bool SumsPixels(Node node) =>
        node.Parameters.Any(parameter => parameter.Info.IsStatistic)
            || node.Inputs.Any(input => input.SampleLength < node.Output.SampleLength);

    private void NoGradient(Node node, ReferenceOperation? reference)
    {
        if (reference is { HasGradient: false })
            _withoutReference.Add($"{node.Operation.Kind} '{node.Name}' has no reference of its gradient.");
        foreach (ValueInfo input in node.Inputs)
            _unknown.Add(input.Id);
        foreach (Parameter parameter in node.Parameters)
            _unknownParameters.Add(parameter.Name);
    }

    private ElementError? Measure(float[] actual, ValueInfo value, bool isUnknown)
    {
        if (isUnknown)
            return null;
        double[] expected = _exact.Gradient(value) ?? new double[actual.Length];
        double[] magnitudes = _magnitudes.Gradient(value) ?? new double[actual.Length];
        return ElementError.Measure(actual, expected, magnitudes, _terms.GetValueOrDefault(value.Id));
    }

    private IEnumerable<TensorGradient> Parameters()
    {
        var uses = new Dictionary<string, int>();
        foreach (int index in _step.Nodes)
        {
            Node node = _graph.Nodes[index];
            for (int i = 0; i < node.Parameters.Count; i++)
            {
                Parameter parameter = node.Parameters[i];
                if (!_step.HasGradient(parameter))
                    continue;
                int use = uses.GetValueOrDefault(parameter.Name);
                uses[parameter.Name] = use + 1;
                // The first use holds the sum of the gradients; of statistics every use has its own.
                if (use == 0 || parameter.Info.IsStatistic)
                    yield return Check(index, i, use);
            }
        }
    }

    private TensorGradient Check(int node, int index, int use)
    {
        Parameter parameter = _graph.Nodes[node].Parameters[index];
        bool isStatistic = parameter.Info.IsStatistic;
        GradientKind kind = isStatistic ? GradientKind.Statistic : GradientKind.Parameter;
        var tensor = new TensorGradient(parameter.Name, _graph.Nodes[node].Name, kind, parameter.Shape);
        double[]? expected = Of(_exact), magnitudes = Of(_magnitudes);
        return expected is null || magnitudes is null || _unknownParameters.Contains(parameter.Name) ? tensor : tensor with
        {
            Gradient = ElementError.Measure(_step.Gradient(parameter, use), expected, magnitudes, _parameterTerms[parameter.Name]),
        };

        double[]? Of(ReferenceModel model) => isStatistic
            ? model.NodeAt(node).Statistic(index)
            : model.ParameterGradients.GetValueOrDefault(parameter.Name);
    }

    private IEnumerable<TensorGradient> Inputs()
    {
        foreach (ValueInfo input in _graph.Inputs.Where(_step.IsKept))
        {
            yield return new TensorGradient(input.Name, input.Name, GradientKind.Input, input.ShapeFor(_batch))
            {
                Gradient = Measure(_step.Gradient(input).ToArray(), input, _unknown.Contains(input.Id)),
            };
        }
    }

    private void Know(ValueInfo value, float[] values)
    {
        _exact.SetValue(value, Doubles(values));
        _magnitudes.SetValue(value, [.. values.Select(v => Math.Abs((double)v))]);
    }

    private void AddGradient(ValueInfo value, float[] gradient)
    {
        _exact.AddGradient(value, Doubles(gradient));
        _magnitudes.AddGradient(value, [.. gradient.Select(v => Math.Abs((double)v))]);
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];
}
