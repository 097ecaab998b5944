using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>The checker checked: normalisation kernels that are wrong on purpose must be caught by their sweep.</summary>
public sealed unsafe class BrokenNormalizationTests
{
    private static readonly NormalizationKernels s_right = NormalizationKernels.All.First(s => s.Isa == IsaLevel.Scalar);

    [Fact]
    public void A_dropped_column_is_caught() => AssertCaught("ScaleShift", Change(scaleShift: &DropColumn));

    [Fact]
    public void A_dropped_row_is_caught() => AssertCaught("GradientSums", Change(gradientSums: &DropRow));

    [Fact]
    public void Squares_about_zero_are_caught() => AssertCaught("SquareSum", Change(squareSum: &ForgetMean));

    [Fact]
    public void A_gradient_that_leaves_out_the_variance_is_caught() =>
        AssertCaught("NormalizeBackward", Change(normalizeBackward: &ForgetSlope));

    [Fact]
    public void Moments_without_the_last_element_are_caught() => AssertCaught("RowMoments", Change(rowMoments: &ForgetLast));

    [Fact]
    public void A_row_without_its_bias_is_caught() => AssertCaught("NormalizeRow", Change(normalizeRow: &ForgetBias));

    [Fact]
    public void A_group_gradient_that_leaves_out_the_variance_is_caught() =>
        AssertCaught("GroupBackward", Change(groupBackward: &ForgetGroupSlope));

    [Fact]
    public void Row_sums_without_the_scale_are_caught() => AssertCaught("RowGradientSums", Change(rowGradientSums: &ForgetScale));

    [Fact]
    public void A_row_gradient_that_leaves_out_the_mean_is_caught() =>
        AssertCaught("NormalizeRowBackward", Change(normalizeRowBackward: &ForgetOffset));

    [Fact]
    public void Row_gradients_without_the_last_element_are_caught() =>
        AssertCaught("AddRowGradients", Change(addRowGradients: &ForgetLastGradient));

    private static void AssertCaught(string operation, NormalizationKernels broken)
    {
        foreach (KernelReport report in new NormalizationSweep([broken]).Run(SweepDepth.Quick, TestContext.Current.CancellationToken))
        {
            bool isBroken = report.Kernel == $"F32{operation}Scalar";
            Assert.True(report.Holds != isBroken, isBroken ? $"the sweep passed a broken {operation}" : report.ToString());
        }
    }

    private static NormalizationKernels Change(
        delegate*<float*, float*, float*, float*, nint, nint, void> scaleShift = null,
        delegate*<float*, float*, float*, float*, nint, nint, void> squareSum = null,
        delegate*<float*, float*, float*, float*, float*, float*, nint, nint, void> gradientSums = null,
        delegate*<float*, float*, float*, float*, float*, float*, float*, nint, nint, void> normalizeBackward = null,
        delegate*<float*, nint, double*, void> rowMoments = null,
        delegate*<float*, float, float, float, float*, float*, float*, nint, void> normalizeRow = null,
        delegate*<float*, float*, float*, float*, float*, float*, float*, nint, nint, void> groupBackward = null,
        delegate*<float*, float*, float, float*, nint, double*, void> rowGradientSums = null,
        delegate*<float*, float*, float, float*, float, float, float, float*, nint, void> normalizeRowBackward = null,
        delegate*<float*, float*, float, float, float, float*, float*, nint, void> addRowGradients = null) => new()
        {
            Isa = IsaLevel.Scalar,
            ScaleShift = scaleShift is null ? s_right.ScaleShift : scaleShift,
            Normalize = s_right.Normalize,
            SquareSum = squareSum is null ? s_right.SquareSum : squareSum,
            GradientSums = gradientSums is null ? s_right.GradientSums : gradientSums,
            NormalizeBackward = normalizeBackward is null ? s_right.NormalizeBackward : normalizeBackward,
            RowMoments = rowMoments is null ? s_right.RowMoments : rowMoments,
            NormalizeRow = normalizeRow is null ? s_right.NormalizeRow : normalizeRow,
            GroupBackward = groupBackward is null ? s_right.GroupBackward : groupBackward,
            RowGradientSums = rowGradientSums is null ? s_right.RowGradientSums : rowGradientSums,
            NormalizeRowBackward = normalizeRowBackward is null ? s_right.NormalizeRowBackward : normalizeRowBackward,
            AddRowGradients = addRowGradients is null ? s_right.AddRowGradients : addRowGradients,
        };

    private static void ForgetLast(float* x, nint count, double* moments) => s_right.RowMoments(x, Math.Max(1, count - 1), moments);

    private static void ForgetBias(float* x, float mean, float lacking, float factor, float* scale, float* bias, float* y, nint count) =>
        s_right.NormalizeRow(x, mean, lacking, factor, scale, null, y, count);

    private static void ForgetGroupSlope(float* x, float* dy, float* mean, float* scale, float* slope, float* offset, float* dx, nint rows,
        nint columns)
    {
        for (nint i = 0; i < rows * columns; i++)
            dx[i] = (scale[i % columns] * dy[i]) + offset[i % columns];
    }

    private static void ForgetScale(float* x, float* dy, float mean, float* scale, nint count, double* sums) =>
        s_right.RowGradientSums(x, dy, mean, null, count, sums);

    private static void ForgetOffset(float* x, float* dy, float mean, float* scale, float factor, float slope, float offset, float* dx,
        nint count) => s_right.NormalizeRowBackward(x, dy, mean, scale, factor, slope, 0, dx, count);

    private static void ForgetLastGradient(float* x, float* dy, float mean, float lacking, float factor, float* scales, float* biases,
        nint count) => s_right.AddRowGradients(x, dy, mean, lacking, factor, scales, biases, count - 1);

    private static void DropColumn(float* x, float* scale, float* shift, float* y, nint rows, nint columns)
    {
        for (nint row = 0; row < rows; row++)
            s_right.ScaleShift(x + (row * columns), scale, shift, y + (row * columns), 1, columns - 1);
    }

    private static void DropRow(float* x, float* dy, float* mean, float* sums, float* products, float* deviations, nint rows,
        nint columns) =>
        s_right.GradientSums(x, dy, mean, sums, products, deviations, Math.Max(1, rows - 1), columns);

    private static void ForgetMean(float* x, float* mean, float* sums, float* deviations, nint rows, nint columns)
    {
        s_right.SquareSum(x, mean, sums, deviations, rows, columns);
        for (nint j = 0; j < columns; j++)
        {
            sums[j] = 0;
            for (nint row = 0; row < rows; row++)
                sums[j] += x[(row * columns) + j] * x[(row * columns) + j];
        }
    }

    private static void ForgetSlope(float* x, float* dy, float* mean, float* offset, float* slope, float* scale, float* dx, nint rows,
        nint columns)
    {
        for (nint i = 0; i < rows * columns; i++)
            dx[i] = scale[i % columns] * (dy[i] - offset[i % columns]);
    }
}
