using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// Activations, products, padding, resizing and their gradients, each on seeded data that is large enough for a scheduler to
/// hand out parts and has a tail.
/// </summary>
internal sealed class ElementOperatorSuite
{
    private const int Length = 100_003;

    private readonly List<OperatorSuite.Entry> _entries = [];

    public ElementOperatorSuite(IsaLevel? isa = null)
        : this(
            KernelSelection.Choose(ElementwiseKernels.All, isa),
            KernelSelection.Choose(FunctionKernels.All, isa),
            KernelSelection.Choose(PReLUKernels.All, isa),
            KernelSelection.Choose(BroadcastKernels.All, isa),
            KernelSelection.Choose(ResizeKernels.All, isa))
    {
    }

    public ElementOperatorSuite(ElementwiseKernels elementwise, FunctionKernels functions, PReLUKernels prelu, BroadcastKernels broadcast,
        ResizeKernels resize)
    {
        AddElementwise(ElementwiseOperators.Create(elementwise));
        AddChannels(broadcast, 5, 37 * 29, 61);
        AddChannels(broadcast, 40, 3, 517);
        AddPReLU(prelu, 37 * 29, 61);
        AddPReLU(prelu, 30_011, 3);
        AddPadding();
        foreach (Interpolation interpolation in Enum.GetValues<Interpolation>())
        {
            AddResize(resize, new ResizeGeometry(Shape.Nhwc(3, 17, 19, 37), 34, 57, interpolation));
            AddResize(resize, new ResizeGeometry(Shape.Nhwc(2, 41, 53, 13), 20, 31, interpolation));
        }

        float[] x = Array.ConvertAll(SeededData.Uniform(Length, 1), v => v * 9), dy = SeededData.Uniform(Length, 2);
        foreach (ReferenceFunction function in ReferenceFunctions.All)
        {
            var op = ActivationOperator.Create(function.Epilogue, functions);
            double[] results = SeededData.ToDouble(x);
            ExpectedActivation.Apply(function.Epilogue, results);
            float[] value = op.GradientNeedsInput ? x : Array.ConvertAll(results, v => (float)v);
            Add(function.Name, Length, y => s => op.Run(s, x, y));
            Add($"{function.Name} backward", Length, dx => s => op.Backward(s, value, dy, dx));
        }
    }

    public IReadOnlyList<OperatorSuite.Entry> Entries => _entries;

    private void AddElementwise(ElementwiseOperators op)
    {
        float[] a = SeededData.Uniform(Length, 3), b = SeededData.Uniform(Length, 4);
        Add("Multiply", Length, y => s => op.Multiply(s, a, b, y));
        Add("Scale", Length, y => s => op.Scale(s, a, y, 0.3f));
        Add("Affine", Length, y => s => op.Affine(s, a, y, 0.3f, 0.7f));
    }

    private void AddChannels(BroadcastKernels kernels, int n, int pixels, int channels)
    {
        var op = ChannelMultiply.Create(n, pixels, channels, kernels);
        float[] x = SeededData.Uniform(n * pixels * channels, 5), factors = SeededData.Uniform(n * channels, 6),
            dy = SeededData.Uniform(x.Length, 7);
        var workspace = new byte[op.WorkspaceBytes];
        Add($"ChannelMultiply {pixels}×{channels}", x.Length, y => s => op.Run(s, n, x, factors, y));
        Add($"ChannelMultiply {pixels}×{channels} backward", factors.Length, y => s => op.BackwardFactors(s, n, x, dy, y, workspace));
    }

    private void AddPReLU(PReLUKernels kernels, int pixels, int channels)
    {
        var op = PReLUOperator.Create(pixels, channels, kernels);
        float[] x = SeededData.Uniform(pixels * channels, 10), dy = SeededData.Uniform(x.Length, 11), slopes = new float[op.PackedLength];
        op.Pack(SeededData.Uniform(channels, 12), slopes);
        var workspace = new byte[op.WorkspaceBytes];
        Add($"PReLU {pixels}×{channels}", x.Length, y => s => op.Run(s, pixels, x, slopes, y));
        Add($"PReLU {pixels}×{channels} backward", x.Length, dx => s => op.Backward(s, pixels, x, dy, slopes, dx));
        Add($"PReLU {pixels}×{channels} slopes", channels, d => s => op.BackwardSlopes(s, pixels, x, dy, d, workspace));
    }

    private void AddPadding()
    {
        var images = Shape.Nhwc(4, 31, 33, 29);
        var op = ZeroPadding.Create(images, Padding.Explicit(2, 0, 1, 3));
        float[] x = SeededData.Uniform(images.ElementCount, 8), dy = SeededData.Uniform(4 * 34 * 36 * 29, 9);
        Add("ZeroPadding", dy.Length, y => s => op.Run(s, 4, x, y));
        Add("ZeroPadding backward", x.Length, dx => s => op.Backward(s, 4, dy, dx));
    }

    private void AddResize(ResizeKernels kernels, ResizeGeometry g)
    {
        var test = new ResizeCase(g, 3);
        float[] x = test.X(), dy = test.DY();
        ResizeOperator forward = ResizeOperator.Create(g, kernels), backward = ResizeOperator.CreateBackward(g, kernels);
        byte[] scratch = new byte[forward.WorkspaceBytes(8)], backwardScratch = new byte[backward.WorkspaceBytes(8)];
        Add($"Resize {g}", dy.Length, y => s => forward.Run(s, g.Input[0], x, y, scratch));
        Add($"Resize {g} backward", x.Length, dx => s => backward.Run(s, g.Input[0], dy, dx, backwardScratch));
    }

    private void Add(string name, int length, Func<float[], Action<IWorkScheduler>> run)
    {
        var output = new float[length];
        _entries.Add(new OperatorSuite.Entry(name, run(output), [output]));
    }
}
