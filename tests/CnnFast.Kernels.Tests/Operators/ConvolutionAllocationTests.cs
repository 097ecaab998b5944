using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class ConvolutionAllocationTests
{
    [Fact]
    public void No_run_of_a_convolution_operator_allocates()
    {
        foreach (Conv2DCase test in Conv2DCases.Quick.Concat(Conv2DCases.Depthwise(SweepDepth.Quick)))
        {
            Conv2DGeometry g = test.Geometry;
            float[] x = test.X(), w = test.W(), bias = test.Bias(), transposedBias = test.TransposedBias(), dy = test.DY();
            float[] y = new float[dy.Length], dx = new float[x.Length], dw = new float[w.Length], db = new float[g.OC];
            var forward = Conv2DOperator.Create(ConvolutionPass.Forward(g), Activation.ReLU);
            var data = Conv2DOperator.Create(ConvolutionPass.BackwardData(g), Activation.SiLU);
            Conv2DBackwardFilter filter = Conv2DBackwardFilter.Create(g);
            float[] packed = new float[forward.PackedFilterLength], transposed = new float[data.PackedFilterLength];
            var workspace = new byte[Math.Max(forward.WorkspaceBytes(1), Math.Max(data.WorkspaceBytes(1), filter.WorkspaceBytes(1)))];
            void RunAll()
            {
                forward.PackFilter(w, packed);
                forward.Run(SerialScheduler.Instance, g.N, x, packed, bias, y, workspace);
                data.PackFilter(w, transposed);
                data.Run(SerialScheduler.Instance, g.N, dy, transposed, transposedBias, dx, workspace, dx);
                filter.Run(SerialScheduler.Instance, g.N, x, dy, dw, db, workspace);
            }

            AssertAllocatesNothing(RunAll, test.ToString());
        }
    }

    private static void AssertAllocatesNothing(Action run, string what)
    {
        run();
        long least = Allocations.Least(run);
        Assert.True(least == 0, $"a run allocated {least} bytes ({what})");
    }
}
