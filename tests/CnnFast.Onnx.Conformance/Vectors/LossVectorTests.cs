using CnnFast.Onnx.Proto;
using CnnFast.Training;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>
/// The losses of training on the vectors of ONNX's SoftmaxCrossEntropyLoss and NegativeLogLikelihoodLoss. ONNX has the classes in
/// dimension 1, we have them last; without reduction every row is a batch of its own.
/// </summary>
public sealed class LossVectorTests
{
    private static readonly Dictionary<string, Vector> s_vectors = VectorArchive.All.Where(IsLoss).ToDictionary(vector => vector.Name);

    public static TheoryData<string> Names => [.. s_vectors.Keys];

    [Fact]
    public void All_are_there()
    {
        Assert.Equal(34, s_vectors.Values.Count(vector => vector.Model().Graph.Node[0].OpType == "SoftmaxCrossEntropyLoss"));
        Assert.Equal(18, s_vectors.Values.Count(vector => vector.Model().Graph.Node[0].OpType == "NegativeLogLikelihoodLoss"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_loss_is_what_ONNX_says(string name)
    {
        Vector vector = s_vectors[name];
        NodeProto node = vector.Model().Graph.Node[0];
        OnnxTensor[] inputs = [.. vector.Inputs("test_data_set_0")!.Values];
        float[] scores = ClassesLast(inputs[0].Values<float>().ToArray(), inputs[0].Dimensions.ToArray());
        int classes = inputs[0].Dimensions[1];
        int[] labels = [.. Labels(inputs[1])];
        float[]? weights = inputs.Length > 2 ? inputs[2].Values<float>().ToArray() : null;
        int? ignored = (int?)node.Attribute.FirstOrDefault(attribute => attribute.Name == "ignore_index")?.I;
        string reduction = node.Attribute.FirstOrDefault(attribute => attribute.Name == "reduction")?.S.ToStringUtf8() ?? "mean";
        ILoss loss = node.OpType == "NegativeLogLikelihoodLoss"
            ? new NegativeLogLikelihood { ClassWeights = weights, IgnoredLabel = ignored }
            : new SoftmaxCrossEntropy { ClassWeights = weights, IgnoredLabel = ignored };

        OnnxTensor[] outputs = [.. vector.Outputs("test_data_set_0")!.Values];
        float[] expected = outputs[0].Values<float>().ToArray();
        double[] actual = reduction switch
        {
            "none" => [.. labels.Select((label, row) => Run(loss, scores.AsSpan(row * classes, classes), classes, [label]).Sum)],
            "sum" => [Run(loss, scores, classes, labels).Sum],
            _ => [Run(loss, scores, classes, labels).Mean],
        };
        AssertClose(expected, actual);
        if (outputs.Length < 2)
            return;

        // The logarithm of a probability is the loss of its class with the other sign.
        float[] logs = ClassesLast(outputs[1].Values<float>().ToArray(), outputs[1].Dimensions.ToArray());
        var plain = new SoftmaxCrossEntropy();
        AssertClose(logs, [.. logs.Select((_, i) =>
            -Run(plain, scores.AsSpan(i / classes * classes, classes), classes, [i % classes]).Sum)]);
    }

    private static bool IsLoss(Vector vector) => vector.Model().Graph.Node is [var node]
        && node.OpType is "SoftmaxCrossEntropyLoss" or "NegativeLogLikelihoodLoss";

    private static LossSum Run(ILoss loss, ReadOnlySpan<float> scores, int classes, int[] labels)
    {
        var gradient = new float[scores.Length];
        LossSum sum = loss.Compute(new LossBatch
        {
            Count = labels.Length,
            Outputs = scores,
            SampleShape = new Shape(classes),
            Labels = labels,
            Gradient = gradient,
            GradientScale = 1,
        });
        Assert.All(gradient, value => Assert.True(float.IsFinite(value)));
        return sum;
    }

    private static IEnumerable<int> Labels(OnnxTensor labels) => labels.ElementType == ElementType.Int64
        ? labels.Values<long>().ToArray().Select(label => (int)label)
        : labels.Values<int>().ToArray();

    /// <summary>From [N, C, …] to [N, …, C].</summary>
    private static float[] ClassesLast(float[] values, int[] dimensions)
    {
        int classes = dimensions[1], pixels = values.Length / dimensions[0] / classes;
        var moved = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int sample = i / (classes * pixels), c = i / pixels % classes, pixel = i % pixels;
            moved[(((sample * pixels) + pixel) * classes) + c] = values[i];
        }

        return moved;
    }

    private static void AssertClose(float[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6 * (1 + Math.Abs(expected[i])));
    }
}
