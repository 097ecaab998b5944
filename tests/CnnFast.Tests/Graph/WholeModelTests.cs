using CnnFast.Graphs;
using CnnFast.Reference;
using CnnFast.Testing;
using CnnFast.Tests.Models;
using CnnFast.Tests.Training;
using CnnFast.Verification;

namespace CnnFast.Tests.Graph;

/// <summary>Whole small models against the double interpreter: outputs within the bound, gradients against central differences.</summary>
public sealed class WholeModelTests
{
    private const int Batch = 3;
    private const double Step = 1e-5;

    public static TheoryData<string> Names => TestModels.NamesWithImported;

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_equal_the_reference_within_the_bound(string name)
    {
        Model model = TestModels.Build(name);
        float[] input = TestModels.Input(model, Batch);
        var exact = new ReferenceModel(model.Graph, Batch);
        var absolute = new ReferenceModel(model.Graph, Batch, absolute: true) { Exact = exact };
        double[] reference = exact.Forward(input);
        double[] magnitude = absolute.Forward(input);

        float[] output = new float[reference.Length];
        Array.Fill(output, float.NaN);
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = Batch });
        session.Run(input, output);

        ErrorMeasure error = ErrorBound.Measure(output, reference, magnitude, ReferenceModel.Terms(model.Graph, 1));
        Assert.True(error.Holds, $"{name}: {error.Description}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_equal_central_differences_within_the_bound(string name) =>
        CheckGradients(name, TestModels.Build(name), training: true);

    [Fact]
    public void Gradients_through_frozen_statistics_equal_central_differences_within_the_bound()
    {
        Model model = TestModels.Build("normalized");
        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Info.IsStatistic))
            parameter.Trainable = false;
        CheckGradients("frozen", model, training: false);
    }

    [Fact]
    public void The_bound_notices_one_gradient_that_lost_a_tenth()
    {
        Model model = TestModels.Build("branches");
        float[] input = TestModels.Input(model, Batch);
        int[] labels = [0, 2, 1];
        var plan = new SoftmaxStep(model.Graph, Batch);
        ValueInfo logits = plan.Logits;
        plan.Run(input, labels, step: 0);
        Parameter filter = model.Parameters[0];
        Span<float> gradient = plan.Gradients[filter];
        float[] sizes = [.. gradient.ToArray().Select(Math.Abs)];
        gradient[Array.IndexOf(sizes, sizes.Max())] *= 0.9f;

        var reference = new ReferenceModel(model.Graph, Batch);
        reference.Forward(input);
        ReferenceModel magnitudes = Magnitudes(model, reference, input, logits, labels);
        var failures = new List<string>();
        Check(filter, reference, magnitudes.ParameterGradients[filter.Name], plan.Gradients[filter], input, logits, labels,
            ReferenceModel.Terms(model.Graph, Batch), failures);
        Assert.Single(failures);
    }

    private static void CheckGradients(string name, Model model, bool training)
    {
        float[] input = TestModels.Input(model, Batch);
        int[] labels = [0, 2, 1];
        var plan = new SoftmaxStep(model.Graph, Batch + 2);
        ValueInfo logits = plan.Logits;
        plan.Gradients.All.Fill(float.NaN);
        double loss = plan.Run(input, labels, step: 0) / Batch;

        var reference = new ReferenceModel(model.Graph, Batch) { Training = training };
        Assert.Equal(Loss(reference, input, logits, labels), loss, 1e-5);
        ReferenceModel magnitudes = Magnitudes(model, reference, input, logits, labels);
        long terms = ReferenceModel.Terms(model.Graph, Batch);
        var failures = new List<string>();
        reference.Forward(input);
        reference.Backward(logits, new double[Batch * logits.SampleLength]);
        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Info.IsStatistic && parameter.Trainable))
            CheckStatistic(parameter, reference.ParameterGradients[parameter.Name], magnitudes.ParameterGradients[parameter.Name],
                plan.Gradients[parameter], terms, failures);
        foreach (Parameter parameter in model.Parameters.Where(parameter => !parameter.Info.IsStatistic))
            Check(parameter, reference, magnitudes.ParameterGradients[parameter.Name], plan.Gradients[parameter], input, logits, labels,
                terms, failures);
        Assert.True(failures.Count == 0, $"{name}: {failures.Count} gradients are off: {string.Join("; ", failures.Take(5))}");
    }

    private static void CheckStatistic(Parameter parameter, double[] expected, double[] magnitudes, ReadOnlySpan<float> actual, long terms,
        List<string> failures)
    {
        ErrorMeasure error = ErrorBound.Measure(actual, expected, magnitudes, terms);
        if (!error.Holds)
            failures.Add($"{parameter.Name}: {error.Description}");
    }

    private static void Check(Parameter parameter, ReferenceModel reference, double[] magnitudes, ReadOnlySpan<float> actual, float[] input,
        ValueInfo logits, int[] labels, long terms, List<string> failures)
    {
        double[] weights = reference.Parameters[parameter.Name];
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = weights[i];
            weights[i] = weight + Step;
            double above = Loss(reference, input, logits, labels);
            weights[i] = weight - Step;
            double below = Loss(reference, input, logits, labels);
            weights[i] = weight;
            double expected = (above - below) / (2 * Step);
            double bound = ErrorBound.Of(magnitudes[i], terms) + (1e-8 * magnitudes[i]) + 1e-10;
            double error = Math.Abs(actual[i] - expected);
            if (!(error <= bound))
                failures.Add(FormattableString.Invariant(
                    $"{parameter.Name}[{i}] is {actual[i]:G9}, central difference {expected:G9}, bound {bound:G3}"));
        }
    }

    private static double Loss(ReferenceModel reference, float[] input, ValueInfo logits, int[] labels)
    {
        reference.Forward(input);
        return ReferenceSoftmaxCrossEntropy.Forward(Batch, logits.SampleLength, reference.Value(logits), labels);
    }

    private static ReferenceModel Magnitudes(Model model, ReferenceModel exact, float[] input, ValueInfo logits, int[] labels)
    {
        var absolute = new ReferenceModel(model.Graph, Batch, absolute: true) { Exact = exact, Training = exact.Training };
        absolute.Forward(input);
        int classes = logits.SampleLength;
        var probabilities = new double[Batch * classes];
        ReferenceSoftmax.Forward(Batch, classes, exact.Value(logits), probabilities);
        var gradient = new double[probabilities.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            double largest = absolute.Value(logits).AsSpan(i / classes * classes, classes).ToArray().Max();
            double own = labels[i / classes] == i % classes ? 1 : 0;
            gradient[i] = (own + (probabilities[i] * (1 + (2 * largest)))) / Batch;
        }

        absolute.Backward(logits, gradient);
        return absolute;
    }
}
