using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class MatrixProductTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 512, 1000 },
        { 3, 1, 1, 1 },
        { 5, 7, 33, 65 },
        { 1, 960, 32, 30 },
        { 2, 197, 600, 97 },
        { 130, 4, 4, 4 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_bits_are_the_same_at_any_number_of_threads(int products, int rows, int inner, int columns)
    {
        float[] serial = Run(products, rows, inner, columns, SerialScheduler.Instance);
        foreach (int threads in new[] { 2, 3, 8 })
            ConvolutionRuns.AssertSameBits(serial, Run(products, rows, inner, columns, new ParallelForScheduler(threads)),
                $"{threads} threads");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_product_of_a_batch_has_the_bits_of_the_product_alone(int products, int rows, int inner, int columns)
    {
        float[] together = Run(products, rows, inner, columns, SerialScheduler.Instance);
        MatrixProductOperator op = Create(products, rows, inner, columns);
        (float[] a, float[] b) = Operands(products, rows, inner, columns);
        for (int i = 0; i < products; i++)
        {
            var y = new float[rows * columns];
            op.Run(SerialScheduler.Instance, 1, rows, a.AsSpan(i * rows * inner, rows * inner),
                b.AsSpan(i * inner * columns, inner * columns), y, new byte[op.WorkspaceBytes(1)]);
            ConvolutionRuns.AssertSameBits(together[(i * rows * columns)..((i + 1) * rows * columns)], y, $"product {i}");
        }
    }

    [Theory]
    [InlineData(IsaLevel.V128, IsaLevel.Scalar)]
    [InlineData(IsaLevel.Avx512, IsaLevel.Avx2)]
    public void Tiers_that_both_fuse_or_both_do_not_give_the_same_bits(IsaLevel tier, IsaLevel other)
    {
        Assert.SkipUnless(CpuInfo.IsSupported(tier) && CpuInfo.IsSupported(other), $"{tier} does not run here");
        foreach (int rows in new[] { 2, 50 })
            ConvolutionRuns.AssertSameBits(Run(3, rows, 45, 67, SerialScheduler.Instance, other),
                Run(3, rows, 45, 67, SerialScheduler.Instance, tier), $"{tier}, {rows} rows");
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        MatrixProductOperator op = Create(6, 50, 45, 67);
        (float[] a, float[] b) = Operands(6, 50, 45, 67);
        var y = new float[6 * 50 * 67];
        var workspace = new byte[op.WorkspaceBytes(1)];
        Assert.Equal(0, Allocations.Least(() => op.Run(SerialScheduler.Instance, 6, 50, a, b, y, workspace)));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        MatrixProductOperator op = Create(2, 3, 4, 5);
        var workspace = new byte[op.WorkspaceBytes(1)];
        Assert.Throws<ShapeException>(() => op.Run(SerialScheduler.Instance, 2, 3, new float[23], new float[40], new float[30], workspace));
        Assert.Throws<ShapeException>(() => op.Run(SerialScheduler.Instance, 2, 3, new float[24], new float[39], new float[30], workspace));
        Assert.Throws<ShapeException>(() => op.Run(SerialScheduler.Instance, 2, 3, new float[24], new float[40], new float[31], workspace));
        Assert.Throws<ShapeException>(() =>
            op.Run(SerialScheduler.Instance, 2, 3, new float[24], new float[40], new float[30], new byte[1]));
    }

    private static MatrixProductOperator Create(int products, int rows, int inner, int columns, IsaLevel? isa = null) =>
        MatrixProductOperator.Create([products], [rows * inner], [inner * columns], rows, inner, columns, isa);

    private static (float[] A, float[] B) Operands(int products, int rows, int inner, int columns) =>
        (SeededData.Uniform(products * rows * inner, 1), SeededData.Uniform(products * inner * columns, 2));

    private static float[] Run(int products, int rows, int inner, int columns, IWorkScheduler scheduler, IsaLevel? isa = null)
    {
        MatrixProductOperator op = Create(products, rows, inner, columns, isa);
        (float[] a, float[] b) = Operands(products, rows, inner, columns);
        var y = new float[products * rows * columns];
        op.Run(scheduler, products, rows, a, b, y, new byte[op.WorkspaceBytes(scheduler.MaxThreads)]);
        return y;
    }
}
