using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Convolutions whose filter has taps that find nothing but padding: these are left out, and nothing changes.</summary>
public sealed class ReachedTapsTests
{
    [Fact]
    public void Leaving_out_taps_changes_no_bit_on_any_tier()
    {
        foreach (IsaLevel isa in GemmKernels.All.Select(kernel => kernel.Isa).Distinct().Where(CpuInfo.IsSupported))
        {
            foreach (Conv2DCase test in Conv2DCases.UnreachedTaps)
            {
                var pass = ConvolutionPass.Forward(test.Geometry);
                Assert.IsType<ReachedTapsConvolution>(ConvolutionEngines.Choose(pass, default, ConvAlgorithm.Auto, isa));
                GemmKernel tile = GemmKernels.Of(GemmKernels.All, isa)[0];
                float[] y = ConvolutionRuns.Forward(test, tile, Activation.ReLU, SerialScheduler.Instance);
                float[] dx = ConvolutionRuns.BackwardData(test, tile, SerialScheduler.Instance);
                foreach (ConvAlgorithm algorithm in Enum.GetValues<ConvAlgorithm>())
                {
                    ConvolutionRuns.AssertSameBits(y, ConvolutionRuns.Forward(test,
                        p => ConvolutionEngines.Choose(p, Activation.ReLU, algorithm, isa), SerialScheduler.Instance), $"y {isa} {test}");
                    ConvolutionRuns.AssertSameBits(dx, ConvolutionRuns.BackwardData(test,
                        p => ConvolutionEngines.Choose(p, default, algorithm, isa), SerialScheduler.Instance), $"dx {isa} {test}");
                }
            }
        }
    }

    [Fact]
    public void The_sweeps_hold_on_guarded_buffers()
    {
        foreach (IsaLevel isa in GemmKernels.All.Select(kernel => kernel.Isa).Distinct().Where(CpuInfo.IsSupported))
        {
            var tally = new KernelTally("ReachedTaps", "chosen", isa);
            foreach (Conv2DCase test in Conv2DCases.UnreachedTaps)
            {
                Conv2DForwardSweep.Check(tally, test, (pass, epilogue) =>
                    ConvolutionEngines.Choose(pass, epilogue, ConvAlgorithm.Auto, isa));
                Conv2DBackwardFilterSweep.Check(tally, test, g => ConvolutionEngines.ChooseFilterGradient(g, ConvAlgorithm.Auto, isa));
            }

            Assert.Empty(tally.ToReport().Failures);
        }
    }

    [Fact]
    public void The_gradient_of_a_tap_that_is_not_reached_is_0()
    {
        foreach (Conv2DCase test in Conv2DCases.UnreachedTaps)
        {
            Conv2DGeometry g = test.Geometry;
            IFilterGradientEngine engine = ConvolutionEngines.ChooseFilterGradient(g, ConvAlgorithm.Auto, null);
            Assert.IsType<ReachedTapsFilterGradient>(engine);
            (float[] dw, _) = ConvolutionRuns.BackwardFilter(test, engine, SerialScheduler.Instance);
            var taps = ReachedTaps.Of(g);
            int row = g.GroupC * g.OC;
            int zeros = 0;
            for (int tap = 0; tap < g.KH * g.KW; tap++)
            {
                (int kh, int kw) = Math.DivRem(tap, g.KW);
                bool reached = kh >= taps.FirstRow && kh < taps.FirstRow + taps.Geometry.KH &&
                    kw >= taps.FirstColumn && kw < taps.FirstColumn + taps.Geometry.KW;
                bool isZero = !dw.AsSpan(tap * row, row).ContainsAnyExcept(0f);
                Assert.True(reached || isZero, $"{test}: tap {kh}, {kw}");
                zeros += isZero ? 1 : 0;
            }

            Assert.InRange(zeros, 1, g.KH * g.KW);
        }
    }
}
