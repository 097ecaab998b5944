using CnnFast.Layers;
using CnnFast.Reference;
using CnnFast.Testing;
using CnnFast.Tests.Models;
using CnnFast.Verification;

namespace CnnFast.Onnx.Tests;

/// <summary>
/// Models of layers drawn at random, with branches, compute the same in ONNX Runtime with its default
/// optimisations, and when they come back.
/// </summary>
public sealed class RandomModelTests
{
    private const int Models = 600;
    private const int Batch = 3;
    private const int MaxLayers = 9;
    private const int MaxElements = 4000;

    private static readonly int[] s_opsets = [17, 18, 20, 23];
    private static readonly Activation[] s_activations = Enum.GetValues<Activation>();

    [Fact]
    public void A_random_model_computes_the_same_in_onnx_runtime_and_when_it_comes_back()
    {
        int layers = 0;
        for (int seed = 0; seed < Models; seed++)
        {
            var random = new Random(seed);
            Model model = Draw(random);
            layers += model.Graph.Nodes.Count;
            string name = $"model {seed}: {model.InputShape}, " +
                $"{string.Join(", ", model.Graph.Nodes.Select(node => $"{node.Operation.Kind} {node.Output.Shape}"))}";
            var options = new OnnxExportOptions
            {
                Opset = s_opsets[random.Next(s_opsets.Length)],
                Layout = random.Next(2) == 0 ? OnnxLayout.Nchw : OnnxLayout.Nhwc,
                FoldBatchNormalization = random.Next(2) == 0,
            };
            OnnxCheck.Holds(name, model, options);
            ComesBack(name, model, options);
        }

        Assert.InRange(layers, 4 * Models, MaxLayers * Models);
    }

    private static void ComesBack(string name, Model model, OnnxExportOptions options)
    {
        using var file = new MemoryStream();
        OnnxModel.Export(model, file, options);
        // As in the file, or turned.
        Model back = OnnxModel.Load(file.ToArray()).ToModel(layout: options.Layout == OnnxLayout.Nhwc ? OnnxLayout.Nchw : OnnxLayout.Nhwc);
        if (IsCube(model.InputShape) || IsCube(model.OutputShape) || back.InputShape != model.InputShape
            || back.OutputShape != model.OutputShape)
            return; // An end that no image operator reads keeps the order of the file; of a cube the shape does not tell.
        float[] input = TestModels.Input(model, Batch);
        var exact = new ReferenceModel(model.Graph, Batch);
        var absolute = new ReferenceModel(model.Graph, Batch, absolute: true) { Exact = exact };
        ErrorMeasure error = ErrorBound.Measure(back.Predict(input), exact.Forward(input), absolute.Forward(input),
            ReferenceModel.Terms(model.Graph, 1));
        Assert.True(error.Holds, $"{name}, opset {options.Opset}, {options.Layout}, when it comes back: {error.Description}");
    }

    private static bool IsCube(Shape shape) => shape.Rank == 3 && shape[0] == shape[1] && shape[1] == shape[2];

    // Grows a graph by layers that fit; the output is what was added last.
    private static Model Draw(Random random)
    {
        var x = new Input(new Shape(random.Next(1, 10), random.Next(1, 10), random.Next(1, 6)));
        var values = new List<(ModelNode Node, Shape Shape)> { (x, x.Shape) };
        int wanted = random.Next(3, MaxLayers + 1);
        for (int attempt = 0; values.Count <= wanted && attempt < 200; attempt++)
        {
            (ModelNode node, Shape shape) = values[random.Next(3) == 0 ? random.Next(values.Count) : values.Count - 1];
            try
            {
                ModelNode next = Apply(random, node, shape, values);
                Shape output = Model.Build(x, next).OutputShape;
                if (output.ElementCount <= MaxElements)
                    values.Add((next, output));
            }
            catch (ArgumentException)
            {
                // A layer that does not fit is drawn again.
            }
        }

        Model model = Model.Build(x, values[^1].Node, seed: 5);
        foreach (Parameter parameter in model.Parameters)
        {
            bool isVariance = parameter.Name.EndsWith("variance", StringComparison.Ordinal);
            parameter.Assign([.. Enumerable.Range(0, parameter.Shape.ElementCount)
                .Select(_ => isVariance ? 0.5f + random.NextSingle() : random.NextSingle() - 0.5f)]);
        }

        return model;
    }

    private static ModelNode Apply(Random random, ModelNode node, Shape shape, List<(ModelNode Node, Shape Shape)> values)
    {
        if (random.Next(5) == 0)
        {
            (ModelNode Node, Shape Shape)[] others = [.. values.Where(other => random.Next(2) == 0)];
            ModelNode[] same = [.. others.Where(other => other.Shape == shape).Select(other => other.Node)];
            return random.Next(3) switch
            {
                0 => new Add().Apply(node, same),
                1 => new Multiply().Apply(node,
                    [.. others.Where(other => other.Shape.Rank == 1 || other.Shape == shape).Take(1).Select(other => other.Node)]),
                _ => new Concatenate().Apply(node, [.. others.Where(other => other.Shape.Rank == shape.Rank).Select(other => other.Node)]),
            };
        }

        return (shape.Rank == 3 ? Image(random, shape) : Row(random, shape)).Apply(node);
    }

    private static Layer Image(Random random, Shape shape) => random.Next(17) switch
    {
        0 or 1 => new Conv2D(random.Next(1, 7), Size(random, 4), Size(random, 3), Size(random, 3), padding: Sides(random),
            activation: Any(random), useBias: random.Next(2) == 0),
        2 => new Conv2D(2 * shape[2], Size(random, 4), Size(random, 3), groups: shape[2], padding: Sides(random), activation: Any(random)),
        3 => new DepthwiseConv2D(Size(random, 4), Size(random, 3), Size(random, 3), random.Next(1, 3), Sides(random), Any(random)),
        4 => new Conv2DTranspose(random.Next(1, 5), Size(random, 4), Size(random, 3), Size(random, 2), padding: Sides(random),
            activation: Any(random)),
        5 => new MaxPool2D(Size(random, 4), Size(random, 3), Sides(random), Size(random, 2)),
        6 => new AveragePool2D(Size(random, 4), Size(random, 3), Sides(random), Size(random, 2), random.Next(2) == 0),
        7 or 8 => new BatchNormalization(useScale: random.Next(2) == 0, useOffset: random.Next(2) == 0),
        9 => new UpSampling2D(Size(random, 3), random.Next(2) == 0 ? Interpolation.Nearest : Interpolation.Bilinear),
        10 => new ZeroPadding2D(random.Next(3), random.Next(3), random.Next(3), random.Next(3)),
        11 => new Flatten(),
        12 => new Reshape(Split(random, shape.ElementCount)),
        13 => random.Next(2) == 0 ? new GlobalAveragePool2D() : new GlobalMaxPool2D(),
        14 => new Softmax(),
        15 => new Rescaling(random.NextSingle(), random.NextSingle()),
        _ => Function(random),
    };

    private static Layer Row(Random random, Shape shape) => random.Next(7) switch
    {
        0 => new Dense(random.Next(1, 9), Any(random), random.Next(2) == 0),
        1 => new BatchNormalization(useScale: random.Next(2) == 0),
        2 or 3 => new Reshape(Split(random, shape.ElementCount)),
        4 => new Softmax(),
        5 => new Flatten(),
        _ => Function(random),
    };

    private static Layer Function(Random random) => random.Next(5) switch
    {
        0 => new ReLU(),
        1 => new LeakyReLU(0.2f),
        2 => new SiLU(),
        3 => new Dropout(0.5f),
        _ => new Tanh(),
    };

    private static Activation Any(Random random) => s_activations[random.Next(2) * random.Next(s_activations.Length)];

    private static Size2D Size(Random random, int most) => (random.Next(1, most + 1), random.Next(1, most + 1));

    private static Padding Sides(Random random) => random.Next(3) switch
    {
        0 => Padding.Valid,
        1 => Padding.Same,
        _ => Padding.Explicit(random.Next(3), random.Next(3), random.Next(3), random.Next(3)),
    };

    // One to four dimensions with as many elements.
    private static int[] Split(Random random, int count)
    {
        var dimensions = new List<int>();
        for (int rank = random.Next(1, 5); rank > 1; rank--)
        {
            int[] divisors = [.. Enumerable.Range(1, count).Where(divisor => count % divisor == 0)];
            dimensions.Add(divisors[random.Next(divisors.Length)]);
            count /= dimensions[^1];
        }

        return [.. dimensions, count];
    }
}
