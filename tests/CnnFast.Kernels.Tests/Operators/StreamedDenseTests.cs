using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Dense layers that read their weights where they lie: the bits of those that pack them, on every tier, at any sizes.</summary>
public sealed class StreamedDenseTests
{
    private static readonly float[] s_tiny = [1e-40f, -1e-41f, float.Epsilon, -0f, 0];

    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 },
        { 1, 700, 10 },
        { 2, 1, 17 },
        { 3, 97, 5 },
        { 5, 513, 64 },
        { 7, 33, 129 },
        { 9, 1100, 47 },
        { 16, 192, 96 },
        { 17, 95, 1030 },
        { 32, 300, 128 },
        { 33, 64, 515 },
        { 192, 130, 40 },
        { 4, 140, 2600 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_has_the_bits_of_packed_weights(int rows, int inputs, int columns)
    {
        int seed = 0;
        foreach (IsaLevel isa in Enum.GetValues<IsaLevel>().Where(CpuInfo.IsSupported))
        {
            foreach (Activation activation in new[] { Activation.None, Activation.ReLU, Activation.Tanh })
            {
                foreach (bool hasTiny in new[] { false, true })
                    CheckForward(isa, activation, Layer(rows, inputs, columns), hasTiny, seed++);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_gradient_has_the_bits_of_packed_weights(int rows, int inputs, int columns)
    {
        int seed = 0;
        foreach (IsaLevel isa in Enum.GetValues<IsaLevel>().Where(CpuInfo.IsSupported))
        {
            foreach (bool hasTiny in new[] { false, true })
                CheckGradient(isa, Layer(rows, inputs, columns), hasTiny, seed++);
        }
    }

    [Fact]
    public void Larger_batches_and_larger_images_are_packed()
    {
        Assert.True(StreamedDense.Serves(Layer(192, 3, 4)));
        Assert.False(StreamedDense.Serves(Layer(193, 3, 4)));
        Assert.False(StreamedDense.Serves(Conv2DGeometry.Create(Shape.Nhwc(2, 1, 3, 4), new FilterShape(1, 1, 4, 5))));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Conv2DGeometry g = Layer(2, 3, 4);
        StreamedDense op = StreamedDense.Create(ConvolutionPass.Forward(g));
        StreamedDenseGradient back = StreamedDenseGradient.Create(g);
        byte[] scratch = new byte[op.WorkspaceBytes(1)], other = new byte[back.WorkspaceBytes(1)];
        IWorkScheduler s = SerialScheduler.Instance;
        Assert.Throws<ShapeException>(() => op.Run(s, 3, new float[9], new float[12], [], new float[12], scratch));
        Assert.Throws<ShapeException>(() => op.Run(s, 2, new float[5], new float[12], [], new float[8], scratch));
        Assert.Throws<ShapeException>(() => op.Run(s, 2, new float[6], new float[11], [], new float[8], scratch));
        Assert.Throws<ShapeException>(() => op.Run(s, 2, new float[6], new float[12], new float[3], new float[8], scratch));
        Assert.Throws<ShapeException>(() => op.Run(s, 2, new float[6], new float[12], [], new float[7], scratch));
        Assert.Throws<ShapeException>(() => op.Run(s, 2, new float[6], new float[12], [], new float[8], new byte[1]));
        Assert.Throws<ShapeException>(() => back.Run(s, 2, new float[7], new float[12], new float[6], other));
        Assert.Throws<ShapeException>(() => back.Run(s, 2, new float[8], new float[13], new float[6], other));
        Assert.Throws<ShapeException>(() => back.Run(s, 2, new float[8], new float[12], new float[5], other));
        Assert.Throws<ShapeException>(() => back.Run(s, 2, new float[8], new float[12], new float[6], new byte[1]));
    }

    [Fact]
    public void A_run_on_one_thread_allocates_nothing()
    {
        Conv2DGeometry g = Layer(9, 300, 70);
        float[] x = SeededData.Uniform(9 * 300, 1), w = Weights(g, true, 2), y = new float[9 * 70];
        StreamedDense op = StreamedDense.Create(ConvolutionPass.Forward(g));
        StreamedDenseGradient back = StreamedDenseGradient.Create(g);
        byte[] scratch = new byte[op.WorkspaceBytes(1)], other = new byte[back.WorkspaceBytes(1)];
        Assert.Equal(0, Allocations.Least(() => op.Run(SerialScheduler.Instance, 9, x, w, [], y, scratch)));
        Assert.Equal(0, Allocations.Least(() => back.Run(SerialScheduler.Instance, 9, y, w, x, other)));
    }

    private static void CheckForward(IsaLevel isa, Activation activation, Conv2DGeometry g, bool hasTiny, int seed)
    {
        // Fewer rows than it is made for, as the last batch of an epoch has; room between the rows of the output.
        int n = Math.Max(1, g.N - (seed % 3)), pitch = g.OC + (seed % 2 * 3);
        GuardSide side = seed % 2 == 0 ? GuardSide.After : GuardSide.Before;
        var pass = ConvolutionPass.Forward(g, pitch);
        float[] x = SeededData.Uniform(n * g.C, seed), b = SeededData.Uniform(g.OC, seed + 1), w = Weights(g, hasTiny, seed);
        bool hasBias = seed % 5 != 0;
        var packed = new Conv2DOperator(pass, new DirectConvolution(pass, DirectConvolution.Plan(pass, isa), activation));
        float[] expected = Nans(((n - 1) * pitch) + g.OC);
        packed.Run(SerialScheduler.Instance, n, x, Pack(packed, w), hasBias ? b : [], expected, new byte[packed.WorkspaceBytes(1)]);

        StreamedDense op = StreamedDense.Create(pass, activation, isa);
        using var input = new GuardedBuffer<float>(x, side);
        using var weights = new GuardedBuffer<float>(w, side);
        using var bias = new GuardedBuffer<float>(hasBias ? b : [], side);
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            using var y = new GuardedBuffer<float>(expected.Length, side);
            using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(threads));
            y.Fill(float.NaN);
            workspace.Fill(0xFF);
            op.Run(WorkScheduler.Create(threads), n, input.Span, weights.Span, bias.Span, y.Span, workspace.Span);
            string what = $"{isa}, {activation}, {g}, {threads} threads, tiny {hasTiny}";
            Assert.True(y.SlackIsIntact && workspace.SlackIsIntact, what);
            ConvolutionRuns.AssertSameBits(expected, y.Span.ToArray(), what);
        }

        Assert.Equal(w, weights.Span.ToArray());
    }

    private static void CheckGradient(IsaLevel isa, Conv2DGeometry g, bool hasTiny, int seed)
    {
        int n = Math.Max(1, g.N - (seed % 3));
        GuardSide side = seed % 2 == 0 ? GuardSide.After : GuardSide.Before;
        var pass = ConvolutionPass.BackwardData(g);
        float[] gradient = SeededData.Uniform(n * g.OC, seed), w = Weights(g, hasTiny, seed);
        var packed = new Conv2DOperator(pass, new DirectConvolution(pass, DirectConvolution.Plan(pass, isa), default));
        float[] expected = Nans(n * g.C);
        packed.Run(SerialScheduler.Instance, n, gradient, Pack(packed, w), [], expected, new byte[packed.WorkspaceBytes(1)]);

        StreamedDenseGradient op = StreamedDenseGradient.Create(g, isa);
        using var dy = new GuardedBuffer<float>(gradient, side);
        using var weights = new GuardedBuffer<float>(w, side);
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            using var dx = new GuardedBuffer<float>(expected.Length, side);
            using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(threads));
            dx.Fill(float.NaN);
            workspace.Fill(0xFF);
            op.Run(WorkScheduler.Create(threads), n, dy.Span, weights.Span, dx.Span, workspace.Span);
            string what = $"{isa}, {g}, {threads} threads, tiny {hasTiny}";
            Assert.True(dx.SlackIsIntact && workspace.SlackIsIntact, what);
            ConvolutionRuns.AssertSameBits(expected, dx.Span.ToArray(), what);
        }
    }

    private static Conv2DGeometry Layer(int rows, int inputs, int columns) =>
        Conv2DGeometry.Create(Shape.Nhwc(rows, 1, 1, inputs), new FilterShape(1, 1, inputs, columns));

    private static float[] Pack(Conv2DOperator op, float[] filter)
    {
        float[] packed = Nans(op.PackedFilterLength);
        op.PackColumns(SerialScheduler.Instance, new FilterColumns(filter, op.Geometry.OC, 0, op.Geometry.OC), packed,
            keepsDenormals: false);
        return packed;
    }

    // A few tiny weights: blocks with and without them.
    private static float[] Weights(Conv2DGeometry g, bool hasTiny, int seed)
    {
        float[] w = SeededData.Uniform(g.C * g.OC, seed + 2);
        for (int i = 0; hasTiny && i < 5; i++)
            w[(int)((long)w.Length * i / 5)] = s_tiny[i];
        if (hasTiny)
            w[^1] = -float.Epsilon;
        return w;
    }

    private static float[] Nans(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }
}
