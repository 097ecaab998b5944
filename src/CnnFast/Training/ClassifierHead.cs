using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>The end of a classifier: the value that holds the logits. A final Softmax, and views and dropout after it, are left to the loss.</summary>
internal static class ClassifierHead
{
    /// <summary>The logits of a model.</summary>
    public static ValueInfo LogitsOf(Graph graph) => FinalSoftmax(graph)?.Inputs[0] ?? graph.Outputs[0];

    /// <summary>Throws unless a model classifies the images of a data set.</summary>
    /// <exception cref="ShapeException">Images or classes do not fit the model.</exception>
    public static void RequireFit(string who, Model model, ImageDataset data)
    {
        if (model.Inputs.Count != 1 || model.Outputs.Count != 1)
            throw new ShapeException($"{who}: the model has {model.Inputs.Count} inputs and {model.Outputs.Count} outputs; expected one of each.");
        if (!model.Inputs[0].HasBatch)
            throw new ShapeException($"{who}: the model computes one batch of fixed size, which its input's shape {model.InputShape} holds; expected one for any number of images {data.ImageShape}.");
        if (model.InputShape != data.ImageShape)
            throw new ShapeException($"{who}: the images have the shape {data.ImageShape}; the model expects {model.InputShape}.{Hint(model, data.ImageShape)}");
        if (model.OutputShape != new Shape(data.Classes))
            throw new ShapeException($"{who}: the images have {data.Classes} classes; the model's output has the shape {ShapeText.OfSample(model.OutputShape)}, expected (N, {data.Classes}).");
        if (FinalSoftmax(model.Graph) is not { } softmax)
            return;
        int rowLength = softmax.Output.Shape[softmax.Output.Shape.Rank - 1];
        if (rowLength != data.Classes)
            throw new ShapeException($"{who}: the output is that of the Softmax '{softmax.Name}' over rows of {rowLength} values; expected one over all {data.Classes} classes.");
    }

    /// <summary>How many rows have their largest value at their label; the first of equal values counts.</summary>
    public static int CountCorrect(ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, int classes)
    {
        int correct = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = rows.Slice(i * classes, classes);
            int best = 0;
            for (int k = 1; k < classes; k++)
            {
                if (row[k] > row[best])
                    best = k;
            }

            if (best == labels[i])
                correct++;
        }

        return correct;
    }

    // Imported models have the order of their file unless asked otherwise.
    private static string Hint(Model model, Shape image) => model.IsImported && image.Rank == 3 && model.InputShape == new Shape(image[2], image[0], image[1])
        ? " Images are channels last here, and channels first in the ONNX file: make the model with ToModel(layout: OnnxLayout.Nhwc)."
        : "";

    private static Node? FinalSoftmax(Graph graph)
    {
        ValueInfo value = graph.Outputs[0];
        for (int index = graph.Nodes.Count - 1; index >= 0; index--)
        {
            Node node = graph.Nodes[index];
            if (node.Output.Id != value.Id)
                continue;
            if (node.Operation is SoftmaxOperation)
                return node;
            if (!node.Operation.IsView(training: false))
                return null;
            value = node.Inputs[0];
        }

        return null;
    }
}
