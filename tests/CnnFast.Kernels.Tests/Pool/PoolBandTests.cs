using System.Runtime.InteropServices;
using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>The backward pass of one image, cut into bands of input rows across which windows reach.</summary>
public sealed class PoolBandTests
{
    private static readonly Pool2DGeometry[] s_geometries =
    [
        Pool2DGeometry.Create(Shape.Nhwc(1, 64, 50, 70), 3, 3, 2, 2, Padding.Explicit(1)),
        Pool2DGeometry.Create(Shape.Nhwc(1, 61, 33, 67), 3, 3, 1, 1, Padding.Same, 2, 2),
        Pool2DGeometry.Create(Shape.Nhwc(1, 66, 40, 64), 2, 2, 2, 2),
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_bits_of_one_image_are_the_same_at_any_number_of_threads(int threads)
    {
        var scheduler = new ParallelForScheduler(threads);
        foreach (Pool2DGeometry geometry in s_geometries)
        {
            Assert.True(new PoolPlan(geometry, false).BandsPerImage > 2, $"{geometry} is one piece of work");
            foreach (PoolKernels kernels in PoolKernels.All.Where(set => CpuInfo.IsSupported(set.Isa)))
            {
                Assert.Equal(Max(geometry, kernels, SerialScheduler.Instance), Max(geometry, kernels, scheduler));
                Assert.Equal(Average(geometry, kernels, SerialScheduler.Instance), Average(geometry, kernels, scheduler));
            }
        }
    }

    [Fact]
    public void The_bits_of_bands_are_those_of_the_scalar_kernels()
    {
        PoolKernels scalar = PoolKernels.All.First(set => set.Isa == IsaLevel.Scalar);
        foreach (Pool2DGeometry geometry in s_geometries)
        {
            foreach (PoolKernels kernels in PoolKernels.All.Where(set => CpuInfo.IsSupported(set.Isa)))
            {
                Assert.Equal(Max(geometry, scalar, SerialScheduler.Instance), Max(geometry, kernels, SerialScheduler.Instance));
                Assert.Equal(Average(geometry, scalar, SerialScheduler.Instance), Average(geometry, kernels, SerialScheduler.Instance));
            }
        }
    }

    private static byte[] Max(Pool2DGeometry geometry, PoolKernels kernels, IWorkScheduler scheduler)
    {
        var test = new Pool2DCase(geometry, 5);
        float[] x = test.XWithTies(), dx = Filled(geometry);
        MaxPool2DBackward.Create(geometry, kernels).Run(scheduler, 1, x, test.ExpectMaxForward(x), test.DY(), dx);
        return MemoryMarshal.AsBytes<float>(dx).ToArray();
    }

    private static byte[] Average(Pool2DGeometry geometry, PoolKernels kernels, IWorkScheduler scheduler)
    {
        float[] dx = Filled(geometry);
        AveragePool2DBackward.Create(geometry, false, kernels).Run(scheduler, 1, new Pool2DCase(geometry, 5).DY(), dx);
        return MemoryMarshal.AsBytes<float>(dx).ToArray();
    }

    private static float[] Filled(Pool2DGeometry geometry)
    {
        var dx = new float[geometry.Input.ElementCount];
        Array.Fill(dx, float.NaN);
        return dx;
    }
}
