using CnnFast.Graphs;

namespace CnnFast.Tests.Graph.Tensors;

/// <summary>Gradients of operations on tensors against central differences of their definitions in double.</summary>
public sealed class TensorGradientTests
{
    private const int MaxBatch = 3;
    private const double Step = 1e-5;

    public static TheoryData<int, string> Cases() => [.. TensorCases.All.Select((op, i) => (i, op.ToString()))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_central_differences(int index, string name)
    {
        TensorCase op = TensorCases.All[index];
        foreach (int n in op.IsWhole ? (int[])[MaxBatch] : [MaxBatch, 2])
        {
            double[][] inputs = Inputs(op, n);
            (float[] output, float[][] gradients) = new TensorRun(op, MaxBatch).Run(SerialScheduler.Instance, n, inputs, Weights);
            double[] exact = TensorInDouble.Forward(op.Operation, op.ShapesFor(n), op.OutputFor(n), inputs);
            AssertClose(name, exact, output);
            double[] weights = Weights(output.Length);
            double[][]? slopes = TensorInDouble.Backward(op.Operation, op.ShapesFor(n), op.OutputFor(n), inputs, weights);
            for (int input = 0; input < inputs.Length; input++)
            {
                if (op.Inputs[input].Type == ElementType.Float32)
                    AssertGradient(op, n, inputs, input, weights, gradients[input], slopes?[input]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parts_in_any_order_give_the_same_bits_and_so_does_one_input_alone(int index, string name)
    {
        TensorCase op = TensorCases.All[index];
        double[][] inputs = Inputs(op, MaxBatch);
        var run = new TensorRun(op, MaxBatch);
        (_, float[][] expected) = run.Run(SerialScheduler.Instance, MaxBatch, inputs, Weights);
        (_, float[][] shuffled) = run.Run(new ShuffledScheduler(), MaxBatch, inputs, Weights);
        for (int input = 0; input < inputs.Length; input++)
        {
            Assert.True(expected[input].AsSpan().SequenceEqual(shuffled[input]), name);
            if (op.Inputs[input].Type != ElementType.Float32)
                continue;
            (_, float[][] alone) = run.Run(SerialScheduler.Instance, MaxBatch, inputs, Weights, input);
            Assert.True(expected[input].AsSpan().SequenceEqual(alone[input]), name);
        }
    }

    [Fact]
    public void Every_operation_on_tensors_that_has_a_gradient_is_tried()
    {
        HashSet<Type> tried = [.. TensorCases.All.Select(op => op.Operation.GetType())];
        Type[] elsewhere = [typeof(ArgumentOperation), typeof(ChannelAffineOperation), typeof(ConstantOperation),
            typeof(MaxPoolIndicesOperation)];
        Assert.Equal(typeof(TensorOperation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TensorOperation))).Except(elsewhere)
            .OrderBy(type => type.Name), tried.Where(type => type.IsSubclassOf(typeof(TensorOperation))).OrderBy(type => type.Name));
    }

    [Fact]
    public void Of_equal_maxima_each_gets_the_same_part()
    {
        var op = new TensorCase("", new ReduceOperation(Reduction.Maximum), TensorInput.Whole(1, 1, 4, 1) with { Values = [2, 1, 2, 2] });
        (_, float[][] gradients) = new TensorRun(op, 1).Run(SerialScheduler.Instance, 1, Inputs(op, 1), _ => [3]);
        Assert.Equal([1, 0, 1, 1], gradients[0]);
    }

    [Fact]
    public void Roundings_to_half_precision_are_passed_as_if_they_were_none()
    {
        var op = new TensorCase("", new UnaryOperation(UnaryFunction.RoundToHalf), TensorInput.Of(3, 5));
        (_, float[][] gradients) = new TensorRun(op, MaxBatch).Run(SerialScheduler.Instance, MaxBatch, Inputs(op, MaxBatch), Weights);
        Assert.Equal(Weights(15).Select(weight => (float)weight), gradients[0]);
    }

    [Fact]
    public void Where_there_is_no_slope_the_gradient_is_zero()
    {
        Assert.Equal([0], Of(new UnaryOperation(UnaryFunction.Absolute), new Shape(1, 1), 0));
        Assert.Equal([0, 0], Of(new ReduceOperation(Reduction.L2), new Shape(1, 1, 2, 1), 0, 0));
        Assert.Equal([0, 0], Of(new NormalizeOperation(NormalizeResult.Elements, 0, 1), new Shape(1, 2, 1, 1), 4, 4));

        static float[] Of(Operation operation, Shape shape, params double[] values)
        {
            var op = new TensorCase("", operation, new TensorInput(shape) { Values = values, IsWhole = true });
            return new TensorRun(op, 1).Run(SerialScheduler.Instance, 1, Inputs(op, 1), length => [.. new double[length].Select(_ => 1.0)])
                .Gradients[0];
        }
    }

    private static double[][] Inputs(TensorCase op, int n)
    {
        var random = new Random(7);
        return [.. op.Inputs.Select(input => input.ValuesFor(n, random))];
    }

    private static double[] Weights(int length)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, length).Select(_ => (double)(float)((random.NextDouble() * 2) - 1))];
    }

    private static void AssertClose(string name, double[] exact, float[] values)
    {
        for (int i = 0; i < exact.Length; i++)
            Assert.True(Math.Abs(exact[i] - values[i]) <= 2e-5 * Math.Max(1, Math.Abs(exact[i])), $"{name}: {exact[i]}, {values[i]}");
    }

    private static void AssertGradient(TensorCase op, int n, double[][] inputs, int input, double[] weights, float[] gradient,
        double[]? slopes)
    {
        Shape[] shapes = op.ShapesFor(n);
        Shape output = op.OutputFor(n);
        double[] x = inputs[input];
        int stride = Math.Max(1, x.Length / 100);
        for (int i = 0; i < x.Length; i += stride)
        {
            double before = x[i];
            x[i] = before + Step;
            double above = Loss();
            x[i] = before - Step;
            double below = Loss();
            x[i] = before;
            double expected = (above - below) / (2 * Step);
            Assert.True(Math.Abs(expected - gradient[i]) <= 5e-5 * Math.Max(1, Math.Abs(expected)),
                $"{op}, input {input}, element {i} of {n} samples: {gradient[i]}; expected {expected}");
            Assert.True(slopes is null || Math.Abs(expected - slopes[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected)),
                $"{op}, input {input}, element {i} of {n} samples in double: {slopes?[i]}; expected {expected}");
        }

        double Loss() => TensorInDouble.Forward(op.Operation, shapes, output, inputs).Zip(weights, (y, weight) => y * weight).Sum();
    }
}
