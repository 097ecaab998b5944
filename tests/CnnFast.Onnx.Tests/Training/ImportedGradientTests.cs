using CnnFast.Graphs;
using CnnFast.Training;
using CnnFast.Verification;

namespace CnnFast.Onnx.Tests.Training;

/// <summary>Imported models give the gradients of the interpreter in double, within the bound of their sums.</summary>
public sealed class ImportedGradientTests
{
    private const int N = 3;

    public static TheoryData<string> Names() => [.. TrainedOperator.All.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_of_parameters_are_those_of_the_interpreter(string name)
    {
        Graph graph = OnnxModel.Load(TrainedOperator.All.Single(op => op.Name == name).Model()).ToModel(layout: OnnxLayout.Nhwc).Graph;
        float[] input = Numbers(N * graph.Inputs[0].SampleLength, 1);
        float[] dy = Numbers(N * graph.Outputs[0].SampleLength, 2);
        var plan = new TrainingPlan(graph, new TrainingPlanOptions(N, 0, SerialScheduler.Instance, ConvAlgorithm.Direct));
        var values = new ValueMemory(N, input, default);
        plan.Forward(values, 0);
        float[] y = plan.Output(values).ToArray();
        dy.CopyTo(plan.OutputGradient(N));
        plan.Backward(values, 0);

        var exact = new ReferenceModel(graph, N) { Training = true };
        var magnitudes = new ReferenceModel(graph, N, absolute: true) { Exact = exact, Training = true };
        double[] expected = exact.Forward(input);
        double[] largest = magnitudes.Forward(input);
        exact.Backward(graph.Outputs[0], [.. dy.Select(value => (double)value)]);
        magnitudes.Backward(graph.Outputs[0], [.. dy.Select(value => Math.Abs((double)value))]);
        long terms = ReferenceModel.Terms(graph, N);
        AssertBound($"{name}, output", expected, largest, y, terms);
        foreach (Parameter parameter in graph.Parameters.Where(parameter => parameter.Trainable))
            AssertBound(parameter.Name, exact.ParameterGradients[parameter.Name], magnitudes.ParameterGradients[parameter.Name],
                plan.Gradients[parameter].ToArray(), terms);
    }

    private static void AssertBound(string what, double[] expected, double[] magnitudes, float[] actual, long terms)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double bound = (terms + 4) * Math.Pow(2, -24) * magnitudes[i];
            Assert.True(double.IsFinite(bound) && Math.Abs(expected[i] - actual[i]) <= bound,
                $"{what}[{i}] is {actual[i]}; expected {expected[i]} within {bound}");
        }
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        var numbers = new float[count];
        for (int i = 0; i < count; i++)
            numbers[i] = (random.NextSingle() * 2) - 1;
        return numbers;
    }
}
