using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// The checkers checked: elementwise, softmax, optimizer and reduction kernels that are wrong on purpose must be caught by their sweeps.
/// </summary>
public sealed unsafe class BrokenVectorKernelTests
{
    private static readonly ElementwiseKernels s_elementwise = ElementwiseKernels.All.First(s => s.Isa == IsaLevel.Scalar);
    private static readonly FunctionKernel s_relu = FunctionKernels.All.First(s => s.Isa == IsaLevel.Scalar).For(ElementFunctions.ReLU);
    private static readonly SoftmaxKernels s_softmax = SoftmaxKernels.All.First(s => s.Isa == IsaLevel.Scalar);
    private static readonly OptimizerKernels s_optimizer = OptimizerKernels.All.First(s => s.Isa == IsaLevel.Scalar);
    private static readonly LossKernels s_losses = LossKernels.All.First(s => s.Isa == IsaLevel.Scalar);
    private static string s_broken = "";
    private static readonly ReduceKernels s_reduce = ReduceKernels.All.First(s => s.Isa == IsaLevel.Scalar);

    [Fact]
    public void A_dropped_tail_is_caught()
    {
        AssertCaught("ReLU", new ActivationSweep([new ChangedKernels(ElementFunctions.ReLU, forward: &DropTail)]));
        AssertCaught("Adam", new OptimizerSweep([Change<AdamRule>(&DropTail)]));
    }

    [Fact]
    public void A_write_before_or_after_the_output_is_caught() =>
        AssertCaught("ReLU", new ActivationSweep([new ChangedKernels(ElementFunctions.ReLU, forward: &WriteOutside)]));

    [Fact]
    public void A_ReLU_that_clears_NaN_is_caught() =>
        AssertCaught("ReLU", new ActivationSweep([new ChangedKernels(ElementFunctions.ReLU, forward: &ClearNaN)]));

    [Fact]
    public void A_gradient_of_ReLU_that_is_1_at_0_is_caught() =>
        AssertCaught("ReLUBackward", new ActivationGradientSweep([new ChangedKernels(ElementFunctions.ReLU, gradient: &PassZero)]));

    [Fact]
    public void A_dropout_mask_that_starts_anew_in_every_block_is_caught() =>
        AssertCaught("Dropout", new ElementwiseSweep([Change(dropout: &ForgetFirst)]));

    [Fact]
    public void A_softmax_without_the_maximum_is_caught() => AssertCaught("Softmax", new SoftmaxSweep([Change(softmax: &SkipMaximum)]));

    [Fact]
    public void An_exponential_that_is_8_units_off_is_caught() => AssertCaught("Exp", new ExponentialSweep([Change(exp: &Inexact)]));

    [Fact]
    public void A_loss_gradient_without_its_factor_is_caught() =>
        AssertCaught("CrossEntropy", new SoftmaxSweep([Change(crossEntropy: &ForgetScale)]));

    [Fact]
    public void A_loss_that_reads_the_labels_of_other_rows_is_caught() =>
        AssertCaught("CrossEntropy", new SoftmaxSweep([Change(crossEntropy: &FirstLabel)]));

    [Fact]
    public void A_loss_that_forgets_an_option_is_caught()
    {
        AssertCaught("CrossEntropy", new SoftmaxSweep([Change(crossEntropy: &CountIgnored)]));
        AssertCaught("CrossEntropy", new SoftmaxSweep([Change(crossEntropy: &ForgetClassWeights)]));
        AssertCaught("CrossEntropy", new SoftmaxSweep([Change(crossEntropy: &ForgetSmoothing)]));
        AssertCaught("CrossEntropy", new SoftmaxSweep([Change(crossEntropy: &ForgetFocus)]));
    }

    [Fact]
    public void A_loss_of_elements_that_forgets_something_is_caught()
    {
        foreach (LossKernel loss in s_losses.Losses)
        {
            AssertCaught(loss.Name, new LossSweep([Change(loss.Name, &DropTail)]));
            AssertCaught(loss.Name, new LossSweep([Change(loss.Name, &ForgetWeights)]));
            AssertCaught(loss.Name, new LossSweep([Change(loss.Name, &ForgetScale)]));
        }

        AssertCaught("BinaryCrossEntropy", new LossSweep([Change("BinaryCrossEntropy", &ForgetPositiveWeights)]));
        AssertCaught("Huber", new LossSweep([Change("Huber", &SquareThroughout)]));
        AssertCaught("SigmoidFocal", new LossSweep([Change("SigmoidFocal", &ForgetFocus)]));
    }

    [Fact]
    public void A_step_without_bias_correction_is_caught() => AssertCaught("Adam", new OptimizerSweep([Change<AdamRule>(&SkipCorrection)]));

    [Fact]
    public void A_step_without_momentum_is_caught() => AssertCaught("Sgd", new OptimizerSweep([Change<SgdRule>(&SkipMomentum)]));

    [Fact]
    public void Optimizers_with_a_step_of_another_are_caught()
    {
        AssertCaught("Nesterov", new OptimizerSweep([Change<NesterovRule>(&PlainMomentum)]));
        AssertCaught("AmsGrad", new OptimizerSweep([Change<AmsGradRule>(&ForgetLargest)]));
        AssertCaught("CenteredRmsProp", new OptimizerSweep([Change<CenteredRmsPropRule>(&SkipMean)]));
        AssertCaught("Lion", new OptimizerSweep([Change<LionRule>(&MomentumFirst)]));
        AssertCaught("WeightAverage", new OptimizerSweep([Change<WeightAverageRule>(&AverageTheOtherWay)]));
    }

    [Fact]
    public void A_dropped_row_is_caught() =>
        AssertCaught("ColumnSum", new ReduceSweep([new ReduceKernels { Isa = IsaLevel.Scalar, ColumnSum = &DropRow }]));

    private static void AssertCaught(string operation, IKernelSweep sweep)
    {
        foreach (KernelReport report in sweep.Run(SweepDepth.Quick, TestContext.Current.CancellationToken))
        {
            bool isBroken = report.Kernel == $"F32{operation}Scalar";
            Assert.True(report.Holds != isBroken, isBroken ? $"the sweep passed a broken {operation}" : report.ToString());
        }
    }

    private static ElementwiseKernels Change(delegate*<float*, float*, nint, int, DropoutMask*, void> dropout) => new()
    {
        Isa = IsaLevel.Scalar,
        Add = s_elementwise.Add,
        Multiply = s_elementwise.Multiply,
        Affine = s_elementwise.Affine,
        Scale = s_elementwise.Scale,
        Dropout = dropout,
    };

    private static SoftmaxKernels Change(
        delegate*<float*, float*, nint, void> exp = null,
        delegate*<float*, float*, nint, nint, void> softmax = null,
        delegate*<CrossEntropyRows*, nint, nint, double> crossEntropy = null) => new()
        {
            Isa = IsaLevel.Scalar,
            Exp = exp is null ? s_softmax.Exp : exp,
            Log = s_softmax.Log,
            Softmax = softmax is null ? s_softmax.Softmax : softmax,
            SoftmaxBackward = s_softmax.SoftmaxBackward,
            CrossEntropy = crossEntropy is null ? s_softmax.CrossEntropy : crossEntropy,
            CrossEntropySoft = s_softmax.CrossEntropySoft,
        };

    private static LossKernels Change(string name, delegate*<LossElements*, nint, void*, float> broken)
    {
        var wrong = new LossKernel(name, broken);
        s_broken = name;
        return new()
        {
            Isa = IsaLevel.Scalar,
            Losses = [.. s_losses.Losses.Select(loss => loss.Name == name ? wrong : loss)],
        };
    }

    private static OptimizerKernels Change<TRule>(delegate*<float*, float*, float*, float*, float*, nint, void*, void> broken)
        where TRule : unmanaged, IUpdateRule
    {
        var wrong = new UpdateKernel(TRule.Name, broken);
        return new()
        {
            Isa = IsaLevel.Scalar,
            Updates = [.. s_optimizer.Updates.Select(update => update.Name == TRule.Name ? wrong : update)],
        };
    }

    private static void DropTail(float* x, float* y, nint count, float alpha, float beta) =>
        s_relu.Forward(x, y, count / 8 * 8, alpha, beta);

    private static void DropTail(float* w, float* g, float* m, float* v, float* x, nint count, void* step) =>
        s_optimizer.For<AdamRule>().Run(w, g, m, v, x, count / 8 * 8, step);

    // The sweep's buffers end at a page without access for even lengths and begin after one for odd lengths: only
    // the other side can be written.
    private static void WriteOutside(float* x, float* y, nint count, float alpha, float beta)
    {
        s_relu.Forward(x, y, count, alpha, beta);
        y[count % 2 == 0 ? -1 : count] = 0f;
    }

    private static void ClearNaN(float* x, float* y, nint count, float alpha, float beta)
    {
        for (nint i = 0; i < count; i++)
            y[i] = x[i] > 0f ? x[i] : 0f;
    }

    private static void PassZero(float* y, float* dy, float* dx, nint count, float alpha, float beta)
    {
        for (nint i = 0; i < count; i++)
            dx[i] = y[i] >= 0f ? dy[i] : 0f;
    }

    private static void ForgetFirst(float* x, float* y, nint count, int first, DropoutMask* mask) =>
        s_elementwise.Dropout(x, y, count, 0, mask);

    private static void Inexact(float* x, float* y, nint count)
    {
        s_softmax.Exp(x, y, count);
        for (nint i = 0; i < count; i++)
            y[i] *= 1f + 1e-6f;
    }

    private static void SkipMaximum(float* x, float* y, nint rows, nint classes)
    {
        for (nint start = 0; start < rows * classes; start += classes)
        {
            s_softmax.Exp(x + start, y + start, classes);
            float sum = 0f;
            for (nint c = 0; c < classes; c++)
                sum += y[start + c];
            for (nint c = 0; c < classes; c++)
                y[start + c] /= sum;
        }
    }

    private static double ForgetScale(CrossEntropyRows* rows, nint first, nint count)
    {
        CrossEntropyRows wrong = *rows;
        wrong.Scale = 1f;
        return s_softmax.CrossEntropy(&wrong, first, count);
    }

    private static double FirstLabel(CrossEntropyRows* rows, nint first, nint count)
    {
        double loss = 0;
        for (nint row = 0; row < count; row++)
        {
            CrossEntropyRows wrong = *rows;
            wrong.Labels -= row;
            loss += s_softmax.CrossEntropy(&wrong, first + row, 1);
        }

        return loss;
    }

    private static float DropTail(LossElements* elements, nint count, void* options) =>
        Right(elements, Math.Max(1, count / 8 * 8), options);

    private static float ForgetWeights(LossElements* elements, nint count, void* options)
    {
        LossElements wrong = *elements;
        wrong.Weights = null;
        return Right(&wrong, count, options);
    }

    private static float ForgetPositiveWeights(LossElements* elements, nint count, void* options)
    {
        LossElements wrong = *elements;
        wrong.PositiveWeights = null;
        return Right(&wrong, count, options);
    }

    private static float ForgetScale(LossElements* elements, nint count, void* options)
    {
        LossElements wrong = *elements;
        wrong.Scale = 1f;
        return Right(&wrong, count, options);
    }

    private static float SquareThroughout(LossElements* elements, nint count, void* options)
    {
        var wrong = new HuberLoss(1e6f);
        return Right(elements, count, &wrong);
    }

    private static float ForgetFocus(LossElements* elements, nint count, void* options)
    {
        var wrong = new SigmoidFocalLoss(0f, 0.25f);
        return Right(elements, count, &wrong);
    }

    private static float Right(LossElements* elements, nint count, void* options) =>
        s_losses.Losses.Single(loss => loss.Name == s_broken).Run(elements, count, options);

    private static double CountIgnored(CrossEntropyRows* rows, nint first, nint count)
    {
        CrossEntropyRows wrong = *rows;
        wrong.IgnoredLabel = -1;
        return s_softmax.CrossEntropy(&wrong, first, count);
    }

    private static double ForgetClassWeights(CrossEntropyRows* rows, nint first, nint count)
    {
        CrossEntropyRows wrong = *rows;
        wrong.ClassWeights = null;
        return s_softmax.CrossEntropy(&wrong, first, count);
    }

    private static double ForgetFocus(CrossEntropyRows* rows, nint first, nint count)
    {
        CrossEntropyRows wrong = *rows;
        wrong.Focus = 0;
        return s_softmax.CrossEntropy(&wrong, first, count);
    }

    private static double ForgetSmoothing(CrossEntropyRows* rows, nint first, nint count)
    {
        CrossEntropyRows wrong = *rows;
        wrong.Smoothing = 0;
        return s_softmax.CrossEntropy(&wrong, first, count);
    }

    private static void SkipMomentum(float* w, float* g, float* m, float* v, float* x, nint count, void* step)
    {
        SgdRule wrong = *(SgdRule*)step with { Momentum = 0f };
        s_optimizer.For<SgdRule>().Run(w, g, m, v, x, count, &wrong);
    }

    private static void SkipCorrection(float* w, float* g, float* m, float* v, float* x, nint count, void* step)
    {
        AdamRule wrong = *(AdamRule*)step with { SecondCorrection = 1f };
        s_optimizer.For<AdamRule>().Run(w, g, m, v, x, count, &wrong);
    }

    private static void PlainMomentum(float* w, float* g, float* m, float* v, float* x, nint count, void* step)
    {
        NesterovRule right = *(NesterovRule*)step;
        var wrong = new SgdRule(right.LearningRate, right.Momentum, right.L2);
        s_optimizer.For<SgdRule>().Run(w, g, m, v, x, count, &wrong);
    }

    private static void ForgetLargest(float* w, float* g, float* m, float* v, float* x, nint count, void* step)
    {
        for (nint i = 0; i < count; i++)
            x[i] = 0;
        s_optimizer.For<AmsGradRule>().Run(w, g, m, v, x, count, step);
    }

    private static void SkipMean(float* w, float* g, float* m, float* v, float* x, nint count, void* step)
    {
        RmsPropRule wrong = ((CenteredRmsPropRule*)step)->Plain;
        s_optimizer.For<RmsPropRule>().Run(w, g, m, v, null, count, &wrong);
    }

    private static void MomentumFirst(float* w, float* g, float* m, float* v, float* x, nint count, void* step)
    {
        LionRule right = *(LionRule*)step;
        LionRule wrong = right with { Beta1 = right.Beta2, NewFirst = right.NewSecond };
        s_optimizer.For<LionRule>().Run(w, g, m, v, x, count, &wrong);
    }

    private static void AverageTheOtherWay(float* w, float* g, float* m, float* v, float* x, nint count, void* step)
    {
        var wrong = new WeightAverageRule(1 - ((WeightAverageRule*)step)->Fresh);
        s_optimizer.For<WeightAverageRule>().Run(w, g, m, v, x, count, &wrong);
    }

    private static void DropRow(float* x, float* y, nint rows, nint columns) => s_reduce.ColumnSum(x, y, Math.Max(1, rows - 1), columns);
}
