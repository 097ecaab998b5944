using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Runs the convolution operators on a case's data, on buffers of their own.</summary>
internal static class ConvolutionRuns
{
    public static float[] Forward(Conv2DCase test, GemmKernel kernel, Activation activation, IWorkScheduler scheduler) =>
        Forward(test, pass => Engine(pass, kernel, activation), scheduler);

    public static float[] Forward(Conv2DCase test, Func<ConvolutionPass, IConvolutionEngine> create, IWorkScheduler scheduler)
    {
        var pass = ConvolutionPass.Forward(test.Geometry);
        var op = new Conv2DOperator(pass, create(pass));
        var packed = new float[op.PackedFilterLength];
        op.PackFilter(test.W(), packed);
        var y = new float[test.Geometry.Output.ElementCount];
        op.Run(scheduler, test.Geometry.N, test.X(), packed, test.Bias(), y, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
        return y;
    }

    public static float[] BackwardData(Conv2DCase test, GemmKernel kernel, IWorkScheduler scheduler) =>
        BackwardData(test, pass => Engine(pass, kernel, Activation.None), scheduler);

    public static float[] Transposed(Conv2DCase test, GemmKernel kernel, Activation activation, IWorkScheduler scheduler) =>
        BackwardData(test, pass => Engine(pass, kernel, activation), scheduler, test.TransposedBias());

    public static float[] BackwardData(
        Conv2DCase test,
        Func<ConvolutionPass, IConvolutionEngine> create,
        IWorkScheduler scheduler,
        float[]? bias = null)
    {
        var pass = ConvolutionPass.BackwardData(test.Geometry);
        var op = new Conv2DOperator(pass, create(pass));
        var packed = new float[op.PackedFilterLength];
        op.PackFilter(test.W(), packed);
        var dx = new float[test.Geometry.Input.ElementCount];
        op.Run(scheduler, test.Geometry.N, test.DY(), packed, bias, dx, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
        return dx;
    }

    public static (float[] Dw, float[] Db) BackwardFilter(Conv2DCase test, GemmOuterKernel kernel, IWorkScheduler scheduler) =>
        BackwardFilter(test, OuterProductFilterGradient.WithFilterRows(test.Geometry, kernel), scheduler);

    public static (float[] Dw, float[] Db) BackwardFilterWithChannelRows(Conv2DCase test, GemmOuterKernel kernel,
        IWorkScheduler scheduler) =>
        BackwardFilter(test, OuterProductFilterGradient.WithChannelRows(test.Geometry, kernel), scheduler);

    public static (float[] Dw, float[] Db) BackwardFilter(Conv2DCase test, IFilterGradientEngine engine, IWorkScheduler scheduler)
    {
        var op = new Conv2DBackwardFilter(test.Geometry, engine);
        var dw = new float[test.Geometry.Filter.ToShape().ElementCount];
        var db = new float[test.Geometry.OC];
        op.Run(scheduler, test.Geometry.N, test.X(), test.DY(), dw, db, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
        return (dw, db);
    }

    private static IConvolutionEngine Engine(ConvolutionPass pass, GemmKernel kernel, Activation activation) => kernel.LanesArePixels
        ? new PlanarConvolution(pass, [kernel], activation)
        : new DirectConvolution(pass, PanelPlan.Of(kernel, pass.GroupOut), activation);

    /// <summary>Asserts that two tensors are the same bits and names the first that is not.</summary>
    public static void AssertSameBits(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected the bits of {expected[i]:R}.");
        }
    }
}
