using System.Globalization;
using System.Text;
using CnnFast.Onnx.Import;
using CnnFast.Onnx.Tests.Training;

namespace CnnFast.Onnx.Tests.Documentation;

/// <summary>Writes docs/onnx-support.md from the table of operators.</summary>
internal static class SupportPage
{
    private const string Start = """
        # ONNX support

        What `OnnxModel.Load` reads. This page is written from the importer's own table (`src/CnnFast.Onnx/Import/OperatorTable.cs`) by a test that fails where they differ; with `CNNFAST_WRITE_DOCS=1` the
        test writes the page:

        ```
        CNNFAST_WRITE_DOCS=1 dotnet test -c Release --project tests/CnnFast.Onnx.Tests -- --filter-class "*SupportPageTests"
        ```

        - **Operator sets**: 7 to 23 of the domain `ai.onnx` are tested against ONNX Runtime, and most operators are read with their older meanings too, as the table says; an operator has the meaning of the set that the model names. Other domains are refused.
        - **Elements**: float32, int32, int64, uint8 and bool. Weights of float16, bfloat16 and double are read as float32, which `OnnxModel.Notes` and `cnnfast inspect` say.
        - **Half precision**: models whose weights are float16 and whose inputs and outputs are float32 (`keep_io_types` of onnxconverter-common) run. A Cast to float16 rounds its values as ONNX says; everything else is computed as float32,
          so results differ from those of float16 arithmetic by its rounding, up to 1/2,048 of a value at every layer, and what would exceed 65,504 there does not become infinite. Since float16 is float32 throughout, a node that mixes
          the two, which ONNX's type rules forbid, is not refused. Inputs and outputs of the model of float16 are refused.
        - **Shapes**: dynamic batch, height and width are bound by the first run of a shape; shape arithmetic is computed then.
        - **Weights**: initialisers or Constant nodes; external data in the model's folder.
        - **Constants**: what the limits below call constant may be computed by nodes from constants and shapes, as sizes often are, and may be a small input of `OnnxModel.Run`.
        - **Where ONNX Runtime differs**: Resize with `align_corners` and scales that give no whole sizes follows ONNX's own vectors, which reckon with the size before it is rounded.
        - **Not supported**: control flow, sequences, maps and optional values, functions of the model's own, quantized and sparse tensors, volumes (3-D images), training graphs.

        What is not supported throws a `NotSupportedException` when the model is loaded or bound to shapes, and the sentence names the node, the operator and the attribute.

        """;

    private const string Training = """

        ## Training

        A model of `OnnxModel.ToModel(layout: OnnxLayout.Nhwc)` that classifies images is trained further by `Trainer` where these operators stand between the first parameter that is trained and the output; each
        of them is trained by a test. What a model computes before that parameter may be any operator on float32 whose other inputs are weights or depend on the images; freeze what comes before by `Parameter.Trainable = false` before the
        trainer is created. What cannot be trained throws a `NotSupportedException` when the trainer is created, and the sentence names the node. What shapes say alone is computed at load, by whatever operators.

        - **What is trained**: weights and biases, and constants of one number a channel that are added, subtracted, multiplied with or divided by (a bias that stands alone, as in a dense layer of MatMul and Add).
          Each becomes a parameter of a scale and one of a shift; of these the one that the file has is `Trainable` and the other, 1, −1 or 0, is not. Quotients train 1 over the divisor. Single numbers and bounds are not trained.
        - **Batch normalisation** runs with the statistics of the batch and changes the moving ones, as in a layer of this library; freeze them to train with those of the file.
        - **Model files** do not hold what is frozen: in a model that was saved and loaded again every parameter is `Trainable`.
        - **Classes**: the output is [N, classes], of logits or of a final Softmax.

        | operator | which uses |
        |---|---|

        """;

    public static string Write(IReadOnlyList<string> vectors)
    {
        int passing = vectors.Count(line => line.EndsWith(": pass", StringComparison.Ordinal));
        var page = new StringBuilder(Start.ReplaceLineEndings("\n"));
        page.Append(CultureInfo.InvariantCulture, $"\nOf the {vectors.Count(line => !line.StartsWith('#'))} test vectors of ONNX 1.12 (node, pytorch-converted, pytorch-operator, simple) {passing} pass; the others are listed with their reasons in `tests/CnnFast.Onnx.Conformance/Vectors/vectors.txt`.\n");
        foreach ((string family, IReadOnlyList<OperatorEntry> operators) in OperatorTable.Families)
        {
            page.Append('\n').Append("## ").Append(family).Append("\n\n| operator | operator sets | limits |\n|---|---|---|\n");
            foreach (OperatorEntry entry in operators.OrderBy(entry => entry.Name, StringComparer.Ordinal))
                page.Append("| ").Append(entry.Name).Append(" | ").Append(entry.Since).Append(" to ").Append(entry.Until).Append(" | ").Append(entry.Limits).Append(" |\n");
        }

        page.Append(Training.ReplaceLineEndings("\n"));
        foreach (TrainedOperator trained in TrainedOperator.All.OrderBy(trained => trained.Name, StringComparer.Ordinal))
            page.Append("| ").Append(trained.Name).Append(" | ").Append(trained.Uses).Append(" |\n");
        return page.ToString();
    }
}
