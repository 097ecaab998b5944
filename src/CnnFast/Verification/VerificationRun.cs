using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>One run of <see cref="ModelVerifier"/>.</summary>
internal sealed class VerificationRun(Model model, int batch, VerificationOptions options, ReadOnlyMemory<float>[] inputs)
{
    private readonly Graph _graph = model.Graph;

    public VerificationReport Run(IProgress<CheckProgress>? progress, CancellationToken stop)
    {
        ValueInfo[] inside = [.. _graph.Nodes.Where(node => node.Operation is not ConstantOperation && !node.Operation.IsView(false))
            .Select(node => node.Output)];
        var kernels = new KernelValues(_graph, inside, batch, options, inputs, stop);
        (ReferenceModel exact, ReferenceModel magnitudes) = Models(kernels, _ => null);
        (ReferenceModel whole, ReferenceModel wholeMagnitudes) = Models(kernels, node => kernels.Has(node.Output)
            ? kernels.Doubles(node.Output)
            : null);
        var nodes = new List<NodeVerification>();
        for (int index = 0; index < _graph.Nodes.Count; index++)
        {
            stop.ThrowIfCancellationRequested();
            Node node = _graph.Nodes[index];
            ElementError? error = Layer(index, kernels, exact, magnitudes);
            double[]? expected = node.Operation is ConstantOperation ? Know(node, whole) : whole.RunNode(index);
            if (kernels.Has(node.Output))
            {
                nodes.Add(new NodeVerification(node.Name, node.Operation.Kind, node.Output.ShapeFor(batch))
                {
                    Error = error,
                    Drift = Drift(kernels.Doubles(node.Output), expected),
                });
            }

            progress?.Report(new CheckProgress(index + 1, _graph.Nodes.Count, node.Name));
        }

        return new VerificationReport(nodes, Outputs(whole, wholeMagnitudes, stop));
    }

    private (ReferenceModel Exact, ReferenceModel Magnitudes) Models(KernelValues kernels, Func<Node, double[]?> missing)
    {
        var exact = new ReferenceModel(_graph, batch) { Missing = missing };
        var magnitudes = new ReferenceModel(_graph, batch, absolute: true)
        {
            Exact = exact,
            SpreadsTiles = options.ConvAlgorithm != ConvAlgorithm.Direct,
        };
        foreach (ValueInfo input in _graph.Inputs)
            Know(input, kernels.Doubles(input), exact, magnitudes);
        return (exact, magnitudes);
    }

    // The reference of a node on what the kernels had; both go on with what the kernels computed.
    private ElementError? Layer(int index, KernelValues kernels, ReferenceModel exact, ReferenceModel magnitudes)
    {
        Node node = _graph.Nodes[index];
        ElementError? error = null;
        if (node.Operation is ConstantOperation)
        {
            Know(node.Output, Know(node, exact), exact, magnitudes);
        }
        else if (ReferenceOperations.Of(node.Operation) is not null)
        {
            double[] expected = exact.RunNode(index), bounds = magnitudes.RunNode(index);
            if (kernels.Has(node.Output) && node.Output.Type == ElementType.Float32)
                error = ElementError.Measure(kernels.Floats(node.Output), expected, bounds, ReferenceModel.TermsOf(node));
            else if (kernels.Has(node.Output))
                error = Exact(kernels.Doubles(node.Output), expected);
        }

        if (kernels.Has(node.Output))
            Know(node.Output, kernels.Doubles(node.Output), exact, magnitudes);
        return error;
    }

    private List<NodeVerification> Outputs(ReferenceModel whole, ReferenceModel magnitudes, CancellationToken stop)
    {
        var session = new KernelValues(_graph, _graph.Outputs, batch, options, inputs, stop);
        bool isBounded = _graph.Nodes.All(node => ReferenceOperations.Of(node.Operation) is not null);
        if (isBounded)
            magnitudes.Forward();
        var outputs = new List<NodeVerification>();
        foreach (ValueInfo output in _graph.Outputs)
        {
            double[] expected = whole.Value(output);

            // Bounds that were multiplied through many layers may leave double; such an output has none.
            bool hasBound = isBounded && output.Type == ElementType.Float32
                && Array.TrueForAll(magnitudes.Value(output), double.IsFinite);
            outputs.Add(new NodeVerification(output.Name, "output", output.ShapeFor(batch))
            {
                Error = hasBound
                    ? ElementError.Measure(session.Floats(output), expected, magnitudes.Value(output), ReferenceModel.Terms(_graph, 1))
                    : null,
                Drift = Drift(session.Doubles(output), expected),
            });
        }

        return outputs;
    }

    private double[] Know(Node node, ReferenceModel model)
    {
        double[] values = KernelValues.Doubles(node.Output, ((ConstantOperation)node.Operation).Values.Span, batch);
        model.SetValue(node.Output, values);
        return values;
    }

    private static void Know(ValueInfo value, double[] values, ReferenceModel exact, ReferenceModel magnitudes)
    {
        exact.SetValue(value, values);
        magnitudes.SetValue(value, [.. values.Select(Math.Abs)]);
    }

    private static ElementError Exact(double[] actual, double[] expected)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (!actual[i].Equals(expected[i]))
                return new ElementError(double.PositiveInfinity, i, actual[i], expected[i], 0);
        }

        return actual.Length == 0 ? ElementError.None : new ElementError(0, 0, actual[0], expected[0], 0);
    }

    private static double Drift(double[] actual, double[] expected)
    {
        double largest = 0, difference = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            if (actual[i].Equals(expected[i]))
                continue;
            difference = Math.Max(difference, double.IsNaN(actual[i]) ? double.PositiveInfinity : Math.Abs(actual[i] - expected[i]));
        }

        foreach (double value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        return difference == 0 ? 0 : difference / largest;
    }
}
