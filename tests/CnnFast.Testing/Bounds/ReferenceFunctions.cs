using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>The reference of every function of <see cref="ElementFunctions"/>, one entry each, with constants that the sweeps
/// use.</summary>
internal static class ReferenceFunctions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReferenceFunction> All { get; } =
    [
        new(Activation.ReLU, (_, x, y) => ReferenceReLU.Forward(x, y), (_, x, dy, dx) => ReferenceReLU.Backward(x, dy, dx), 1, 0, 0)
        {
            IsExact = true,
        },
        new(Activation.ReLU6, (_, x, y) => ReferenceActivation.Clip(x, y, 0, 6),
            (_, x, dy, dx) => ReferenceActivationGradient.Clip(x, dy, dx, 0, 6), 1, 0, 0)
        {
            IsExact = true,
        },
        new(
            new Epilogue(ElementFunctions.Clip, -0.75f, 1.25f),
            (e, x, y) => ReferenceActivation.Clip(x, y, e.Alpha, e.Beta),
            (e, x, dy, dx) => ReferenceActivationGradient.Clip(x, dy, dx, e.Alpha, e.Beta),
            Slope: 1, Curvature: 0, ThirdDerivative: 0)
        {
            IsExact = true,
        },
        new(
            new Epilogue(ElementFunctions.LeakyReLU, 0.1f),
            (e, x, y) => ReferenceActivation.LeakyReLU(x, y, e.Alpha),
            (e, x, dy, dx) => ReferenceActivationGradient.LeakyReLU(x, dy, dx, e.Alpha),
            Slope: 1, Curvature: 0, ThirdDerivative: 0)
        {
            IsExact = true,
        },
        new(
            new Epilogue(ElementFunctions.FlooredLeakyReLU, 0.2f, -0.3f),
            (e, x, y) => ReferenceActivation.FlooredLeakyReLU(x, y, e.Alpha, e.Beta),
            (e, x, dy, dx) => ReferenceActivationGradient.FlooredLeakyReLU(x, dy, dx, e.Alpha, e.Beta),
            Slope: 1, Curvature: 0, ThirdDerivative: 0),
        new(
            Activation.SiLU,
            (_, x, y) => ReferenceActivation.SiLU(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.SiLU(x, dy, dx),
            Slope: 1.1, Curvature: 0.5, ThirdDerivative: 0.8)
        {
            SlopeTerms = x => 1 / (1 + Math.Exp(-x)) * (1 + (Math.Abs(x) / (1 + Math.Exp(x)))),
        },
        new(
            Activation.HardSwish,
            (_, x, y) => ReferenceActivation.HardSwish(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.HardSwish(x, dy, dx),
            Slope: 1.5, Curvature: 0.34, ThirdDerivative: 0.01)
        {
            SlopeTerms = x => Math.Abs(x) < 3 ? (Math.Abs(x) / 3) + 0.5 : 1,
        },
        new(
            Activation.Sigmoid,
            (_, x, y) => ReferenceActivation.Sigmoid(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.Sigmoid(x, dy, dx),
            Slope: 0.25, Curvature: 1, ThirdDerivative: 0.2)
        {
            SlopeAtResult = (_, y) => y * (1 - y),
        },
        new(
            new Epilogue(ElementFunctions.HardSigmoid, 0.2f, 0.5f),
            (e, x, y) => ReferenceActivation.HardSigmoid(x, y, e.Alpha, e.Beta),
            (e, x, dy, dx) => ReferenceActivationGradient.HardSigmoid(x, dy, dx, e.Alpha, e.Beta),
            Slope: 1, Curvature: 0, ThirdDerivative: 0)
        {
            Terms = (e, x) => Math.Min(Math.Abs((double)e.Alpha * x) + Math.Abs(e.Beta), 2),
            SlopeAtResult = (e, y) => y > 0 && y < 1 ? e.Alpha : 0,
        },
        new(
            Activation.Tanh,
            (_, x, y) => ReferenceActivation.Tanh(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.Tanh(x, dy, dx),
            Slope: 1, Curvature: 2, ThirdDerivative: 2.1)
        {
            SlopeAtResult = (_, y) => 1 - (y * y),
        },
        new(
            new Epilogue(ElementFunctions.ErrorFunction),
            (_, x, y) => ReferenceActivation.ErrorFunction(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.ErrorFunction(x, dy, dx),
            Slope: 1.13, Curvature: 1, ThirdDerivative: 2.3)
        {
            SlopeTerms = x => Bell(x, 1.13, 1),
        },
        new(
            new Epilogue(ElementFunctions.GELU),
            (_, x, y) => ReferenceActivation.GELU(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.GELU(x, dy, dx),
            Slope: 1.13, Curvature: 0.8, ThirdDerivative: 1)
        {
            Terms = (_, x) => Math.Abs(x),
            SlopeTerms = x => 1 + (Math.Min(Math.Abs(x), 16) * Bell(x, 0.4, 0.5)),
        },
        new(
            new Epilogue(ElementFunctions.GELUTanh),
            (_, x, y) => ReferenceActivation.GELUTanh(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.GELUTanh(x, dy, dx),
            Slope: 1.13, Curvature: 0.8, ThirdDerivative: 1)
        {
            Terms = (_, x) => Math.Abs(x),
            SlopeTerms = x => 1 + (Math.Min(Math.Abs(x), 16) * Bell(x, 0.4, 0.5)),
        },
        new(
            new Epilogue(ElementFunctions.ELU, 0.7f),
            (e, x, y) => ReferenceELU.Forward(x, y, e.Alpha),
            (e, x, dy, dx) => ReferenceELU.Backward(x, dy, dx, e.Alpha),
            Slope: 1, Curvature: 1, ThirdDerivative: 1),
        new(
            Activation.Softplus,
            (_, x, y) => ReferenceSoftplus.Forward(x, y),
            (_, x, dy, dx) => ReferenceSoftplus.Backward(x, dy, dx),
            Slope: 1, Curvature: 0.25, ThirdDerivative: 0.2),
        new(
            Activation.Mish,
            (_, x, y) => ReferenceMish.Forward(x, y),
            (_, x, dy, dx) => ReferenceMish.Backward(x, dy, dx),
            Slope: 1.1, Curvature: 0.7, ThirdDerivative: 1)
        {
            SlopeTerms = x => Math.Abs(x) > 100 ? 1 : Math.Tanh(Math.Log(1 + Math.Exp(x))) + (Math.Abs(x) / Math.Cosh(x)),
        },
    ];

    /// <summary>The reference of an epilogue, with its constants; null for the identity.</summary>
    public static ReferenceFunction? Of(Epilogue epilogue) =>
        epilogue.IsNone ? null : All.First(function => function.Epilogue.Function == epilogue.Function) with { Epilogue = epilogue };

    // height·e^(−exponent·x²): rounding x² moves it by exponent·x² units.
    private static double Bell(double x, double height, double exponent) =>
        Math.Abs(x) > 16 ? 0 : height * Math.Exp(-exponent * x * x) * (1 + (exponent * x * x));
}
