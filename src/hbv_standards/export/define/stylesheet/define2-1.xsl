<?xml version="1.0" encoding="UTF-8"?>
<!-- Shows a Define-XML 2.1 document of SDTM datasets as one page: no script, no other file, no network. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:odm="http://www.cdisc.org/ns/odm/v1.3"
    xmlns:def="http://www.cdisc.org/ns/def/v2.1"
    xmlns:xlink="http://www.w3.org/1999/xlink"
    exclude-result-prefixes="odm def xlink">

  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>

  <xsl:key name="item" match="odm:ItemDef" use="@OID"/>
  <xsl:key name="codelist" match="odm:CodeList" use="@OID"/>
  <xsl:key name="method" match="odm:MethodDef" use="@OID"/>
  <xsl:key name="comment" match="def:CommentDef" use="@OID"/>
  <xsl:key name="valuelist" match="def:ValueListDef" use="@OID"/>
  <xsl:key name="where" match="def:WhereClauseDef" use="@OID"/>
  <xsl:key name="standard" match="def:Standard" use="@OID"/>
  <xsl:key name="leaf" match="def:leaf" use="@ID"/>
  <xsl:key name="ref" match="odm:ItemGroupDef/odm:ItemRef" use="@ItemOID"/>
  <xsl:key name="user" match="odm:ItemDef[odm:CodeListRef]" use="odm:CodeListRef/@CodeListOID"/>

  <xsl:variable name="study" select="/odm:ODM/odm:Study"/>
  <xsl:variable name="names" select="$study/odm:GlobalVariables"/>
  <xsl:variable name="version" select="$study/odm:MetaDataVersion"/>

  <xsl:template match="/">
    <html lang="en">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title><xsl:value-of select="concat($names/odm:StudyName, ': Define-XML ', $version/@def:DefineVersion)"/></title>
        <style><xsl:call-template name="style"/></style>
      </head>
      <body id="top">
        <xsl:call-template name="menu"/>
        <main>
          <xsl:call-template name="heading"/>
          <xsl:call-template name="standards"/>
          <xsl:call-template name="datasets"/>
          <xsl:apply-templates select="$version/odm:ItemGroupDef"/>
          <xsl:call-template name="codelists"/>
          <xsl:call-template name="dictionaries"/>
          <xsl:call-template name="methods"/>
          <xsl:call-template name="comments"/>
        </main>
      </body>
    </html>
  </xsl:template>

  <!-- The menu on the left. -->
  <xsl:template name="menu">
    <nav aria-label="Contents">
      <p class="study"><a href="#top"><xsl:value-of select="$names/odm:StudyName"/></a></p>
      <xsl:if test="$version/def:SupplementalDoc">
        <p class="part">Documents</p>
        <ul>
          <xsl:for-each select="$version/def:SupplementalDoc/def:DocumentRef">
            <li><a href="{key('leaf', @leafID)/@xlink:href}"><xsl:value-of select="key('leaf', @leafID)/def:title"/></a></li>
          </xsl:for-each>
        </ul>
      </xsl:if>
      <p class="part"><a href="#standards">Standards</a></p>
      <p class="part"><a href="#datasets">Datasets</a></p>
      <ul>
        <xsl:for-each select="$version/odm:ItemGroupDef">
          <li>
            <a href="#{@OID}"><b><xsl:value-of select="@Name"/></b><xsl:text> </xsl:text><xsl:value-of select="odm:Description/odm:TranslatedText"/></a>
          </li>
        </xsl:for-each>
      </ul>
      <p class="part"><a href="#codelists">Controlled terms</a></p>
      <xsl:if test="$version/odm:CodeList/odm:ExternalCodeList">
        <p class="part"><a href="#dictionaries">External dictionaries</a></p>
      </xsl:if>
      <xsl:if test="$version/odm:MethodDef"><p class="part"><a href="#methods">Methods</a></p></xsl:if>
      <xsl:if test="$version/def:CommentDef"><p class="part"><a href="#comments">Comments</a></p></xsl:if>
    </nav>
  </xsl:template>

  <xsl:template name="heading">
    <header>
      <p class="over">Data definitions, SDTM tabulation datasets</p>
      <h1><xsl:value-of select="$names/odm:StudyName"/></h1>
      <p class="title"><xsl:value-of select="$names/odm:StudyDescription"/></p>
      <dl class="facts">
        <div><dt>Protocol</dt><dd><xsl:value-of select="$names/odm:ProtocolName"/></dd></div>
        <div><dt>Define-XML</dt><dd><xsl:value-of select="$version/@def:DefineVersion"/></dd></div>
        <div><dt>Context</dt><dd><xsl:value-of select="/odm:ODM/@def:Context"/></dd></div>
        <div><dt>Created</dt><dd><xsl:value-of select="translate(/odm:ODM/@CreationDateTime, 'T', ' ')"/></dd></div>
        <div>
          <dt>Made by</dt>
          <dd><xsl:value-of select="concat(/odm:ODM/@SourceSystem, ' ', /odm:ODM/@SourceSystemVersion)"/></dd>
        </div>
        <div><dt>Datasets</dt><dd><xsl:value-of select="count($version/odm:ItemGroupDef)"/></dd></div>
      </dl>
    </header>
  </xsl:template>

  <xsl:template name="standards">
    <section id="standards">
      <h2>Standards</h2>
      <table class="narrow">
        <thead><tr><th>Standard</th><th>Type</th><th>Publishing set</th><th>Version</th><th>Status</th></tr></thead>
        <tbody>
          <xsl:for-each select="$version/def:Standards/def:Standard">
            <tr id="{@OID}">
              <td><xsl:value-of select="@Name"/></td>
              <td>
                <xsl:choose>
                  <xsl:when test="@Type = 'IG'">Implementation guide</xsl:when>
                  <xsl:otherwise>Controlled terminology</xsl:otherwise>
                </xsl:choose>
              </td>
              <td><xsl:value-of select="@PublishingSet"/></td>
              <td><xsl:value-of select="@Version"/></td>
              <td><xsl:value-of select="@Status"/></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </section>
  </xsl:template>

  <!-- All datasets in one table. -->
  <xsl:template name="datasets">
    <section id="datasets">
      <h2>Datasets</h2>
      <table>
        <thead>
          <tr><th>Dataset</th><th>Description</th><th>Class</th><th>Structure</th><th>Keys</th><th>Standard</th><th>Location</th></tr>
        </thead>
        <tbody>
          <xsl:for-each select="$version/odm:ItemGroupDef">
            <tr>
              <td><a class="name" href="#{@OID}"><xsl:value-of select="@Name"/></a></td>
              <td><xsl:call-template name="described"/></td>
              <td><xsl:value-of select="def:Class/@Name"/></td>
              <td><xsl:value-of select="@def:Structure"/></td>
              <td class="keys"><xsl:call-template name="keys"/></td>
              <td><xsl:call-template name="standard"/></td>
              <td><a href="{def:leaf/@xlink:href}"><xsl:value-of select="def:leaf/def:title"/></a></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </section>
  </xsl:template>

  <xsl:template name="described">
    <xsl:value-of select="odm:Description/odm:TranslatedText"/>
    <xsl:if test="odm:Alias[@Context = 'DomainDescription']">
      <span class="small"> (<xsl:value-of select="odm:Alias[@Context = 'DomainDescription']/@Name"/>)</span>
    </xsl:if>
    <xsl:if test="@def:CommentOID"><xsl:call-template name="comment"/></xsl:if>
  </xsl:template>

  <xsl:template name="keys">
    <xsl:for-each select="odm:ItemRef[@KeySequence]">
      <xsl:sort select="@KeySequence" data-type="number"/>
      <xsl:if test="position() &gt; 1">, </xsl:if>
      <xsl:value-of select="key('item', @ItemOID)/@Name"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="standard">
    <xsl:choose>
      <xsl:when test="@def:StandardOID">
        <xsl:value-of select="concat(key('standard', @def:StandardOID)/@Name, ' ', key('standard', @def:StandardOID)/@Version)"/>
      </xsl:when>
      <xsl:otherwise><span class="tag">non-standard</span></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- One dataset: its variables, then their values. -->
  <xsl:template match="odm:ItemGroupDef">
    <section class="dataset" id="{@OID}">
      <h2><span class="name"><xsl:value-of select="@Name"/></span><xsl:text> </xsl:text><xsl:value-of select="odm:Description/odm:TranslatedText"/></h2>
      <dl class="facts">
        <div><dt>Class</dt><dd><xsl:value-of select="def:Class/@Name"/></dd></div>
        <div><dt>Structure</dt><dd><xsl:value-of select="@def:Structure"/></dd></div>
        <div><dt>Keys</dt><dd class="keys"><xsl:call-template name="keys"/></dd></div>
        <div><dt>Standard</dt><dd><xsl:call-template name="standard"/></dd></div>
        <div><dt>Reference data</dt><dd><xsl:value-of select="@IsReferenceData"/></dd></div>
        <div><dt>Location</dt><dd><a href="{def:leaf/@xlink:href}"><xsl:value-of select="def:leaf/def:title"/></a></dd></div>
      </dl>
      <xsl:if test="@def:CommentOID"><xsl:call-template name="comment"/></xsl:if>
      <table class="fixed">
        <colgroup>
          <col style="width: 3%"/><col style="width: 9%"/><col style="width: 14%"/><col style="width: 4%"/><col style="width: 11.5%"/><col style="width: 6.5%"/><col style="width: 9%"/><col style="width: 17%"/><col style="width: 13%"/><col style="width: 13%"/>
        </colgroup>
        <thead>
          <tr>
            <th class="number">#</th><th>Variable</th><th>Label</th><th>Key</th><th>Type</th><th class="number">Length</th>
            <th>Role</th><th>Terms, values</th><th>Origin</th><th>Method, comment</th>
          </tr>
        </thead>
        <tbody>
          <xsl:apply-templates select="odm:ItemRef" mode="variable"/>
        </tbody>
      </table>
      <p class="small"><span class="must">*</span> always has a value. A length with a point is digits in all, then digits behind the decimal point.</p>
      <xsl:for-each select="odm:ItemRef">
        <xsl:apply-templates select="key('valuelist', key('item', @ItemOID)/def:ValueListRef/@ValueListOID)">
          <xsl:with-param name="variable" select="key('item', @ItemOID)"/>
        </xsl:apply-templates>
      </xsl:for-each>
      <p class="back"><a href="#top">Top of page</a></p>
    </section>
  </xsl:template>

  <!-- One variable. -->
  <xsl:template match="odm:ItemRef" mode="variable">
    <xsl:variable name="ref" select="."/>
    <xsl:for-each select="key('item', @ItemOID)">
      <tr id="{@OID}">
        <xsl:if test="$ref/@def:HasNoData"><xsl:attribute name="class">empty</xsl:attribute></xsl:if>
        <td class="number"><xsl:value-of select="$ref/@OrderNumber"/></td>
        <td class="nowrap">
          <span class="name"><xsl:value-of select="@Name"/></span>
          <xsl:if test="$ref/@Mandatory = 'Yes'"><span class="must" title="Mandatory"> *</span></xsl:if>
        </td>
        <td><xsl:value-of select="odm:Description/odm:TranslatedText"/></td>
        <td class="number"><xsl:value-of select="$ref/@KeySequence"/></td>
        <td><xsl:value-of select="@DataType"/></td>
        <td class="number"><xsl:call-template name="length"/></td>
        <td><xsl:value-of select="$ref/@Role"/></td>
        <td>
          <xsl:call-template name="terms"/>
          <xsl:if test="def:ValueListRef">
            <div><a href="#{def:ValueListRef/@ValueListOID}">Values of <xsl:value-of select="@Name"/></a></div>
          </xsl:if>
          <xsl:if test="$ref/@def:HasNoData"><div><span class="tag">no data</span></div></xsl:if>
        </td>
        <td><xsl:call-template name="origin"/></td>
        <td>
          <xsl:call-template name="method"><xsl:with-param name="oid" select="$ref/@MethodOID"/></xsl:call-template>
          <xsl:if test="@def:CommentOID"><xsl:call-template name="comment"/></xsl:if>
        </td>
      </tr>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="length">
    <xsl:value-of select="@Length"/>
    <xsl:if test="@SignificantDigits">.<xsl:value-of select="@SignificantDigits"/></xsl:if>
  </xsl:template>

  <xsl:template name="terms">
    <xsl:for-each select="key('codelist', odm:CodeListRef/@CodeListOID)">
      <div><a href="#{@OID}"><xsl:value-of select="@Name"/></a></div>
    </xsl:for-each>
    <xsl:if test="not(odm:CodeListRef) and (contains(@DataType, 'ate') or contains(@DataType, 'ime'))"><div>ISO 8601</div></xsl:if>
  </xsl:template>

  <xsl:template name="origin">
    <xsl:for-each select="def:Origin">
      <div>
        <xsl:value-of select="@Type"/>
        <xsl:if test="@Source"><span class="small"> by <xsl:value-of select="@Source"/></span></xsl:if>
      </div>
      <xsl:if test="odm:Description"><div class="small"><xsl:value-of select="odm:Description/odm:TranslatedText"/></div></xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="method">
    <xsl:param name="oid"/>
    <xsl:for-each select="key('method', $oid)">
      <div><a href="#{@OID}">Method: <xsl:value-of select="@Name"/></a></div>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="comment">
    <div class="comment"><xsl:value-of select="key('comment', @def:CommentOID)/odm:Description/odm:TranslatedText"/></div>
  </xsl:template>

  <!-- The values of one variable. -->
  <xsl:template match="def:ValueListDef">
    <xsl:param name="variable"/>
    <div class="values" id="{@OID}">
      <h3>
        Values of <a class="name" href="#{$variable/@OID}"><xsl:value-of select="$variable/@Name"/></a>
        <span class="small"><xsl:value-of select="$variable/odm:Description/odm:TranslatedText"/></span>
      </h3>
      <table class="fixed">
        <colgroup>
          <col style="width: 21%"/><col style="width: 19%"/><col style="width: 11.5%"/><col style="width: 6.5%"/><col style="width: 13.5%"/><col style="width: 13.5%"/><col style="width: 15%"/>
        </colgroup>
        <thead>
          <tr>
            <th>Where</th><th>Meaning</th><th>Type</th><th class="number">Length</th><th>Controlled terms</th><th>Origin</th><th>Method, comment</th>
          </tr>
        </thead>
        <tbody>
          <xsl:for-each select="odm:ItemRef">
            <xsl:variable name="ref" select="."/>
            <xsl:for-each select="key('item', @ItemOID)">
              <tr id="{@OID}">
                <td class="where"><xsl:apply-templates select="key('where', $ref/def:WhereClauseRef/@WhereClauseOID)/odm:RangeCheck"/></td>
                <td><xsl:value-of select="odm:Description/odm:TranslatedText"/></td>
                <td><xsl:value-of select="@DataType"/></td>
                <td class="number"><xsl:call-template name="length"/></td>
                <td><xsl:call-template name="terms"/></td>
                <td><xsl:call-template name="origin"/></td>
                <td>
                  <xsl:call-template name="method"><xsl:with-param name="oid" select="$ref/@MethodOID"/></xsl:call-template>
                  <xsl:if test="@def:CommentOID"><xsl:call-template name="comment"/></xsl:if>
                </td>
              </tr>
            </xsl:for-each>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template match="odm:RangeCheck">
    <div>
      <xsl:if test="position() &gt; 1"><span class="small">and </span></xsl:if>
      <a class="name" href="#{@def:ItemOID}"><xsl:value-of select="key('item', @def:ItemOID)/@Name"/></a>
      <xsl:choose>
        <xsl:when test="@Comparator = 'EQ'"> = </xsl:when>
        <xsl:when test="@Comparator = 'IN'"> in </xsl:when>
        <xsl:when test="@Comparator = 'NOTIN'"> not in </xsl:when>
        <xsl:otherwise><xsl:value-of select="concat(' ', @Comparator, ' ')"/></xsl:otherwise>
      </xsl:choose>
      <xsl:for-each select="odm:CheckValue">
        <xsl:if test="position() &gt; 1">, </xsl:if>
        <xsl:value-of select="."/>
      </xsl:for-each>
    </div>
  </xsl:template>

  <!-- Controlled terms. -->
  <xsl:template name="codelists">
    <section id="codelists">
      <h2>Controlled terms</h2>
      <div class="cards">
        <xsl:for-each select="$version/odm:CodeList[not(odm:ExternalCodeList)]">
          <xsl:sort select="@Name"/>
          <xsl:apply-templates select="."/>
        </xsl:for-each>
      </div>
      <p class="back"><a href="#top">Top of page</a></p>
    </section>
  </xsl:template>

  <xsl:template match="odm:CodeList">
    <div class="card" id="{@OID}">
      <h3>
        <xsl:value-of select="@Name"/>
        <xsl:if test="odm:Alias"><span class="code"><xsl:value-of select="odm:Alias/@Name"/></span></xsl:if>
      </h3>
      <p class="small">
        <xsl:choose>
          <xsl:when test="@def:StandardOID">
            <xsl:value-of select="concat(key('standard', @def:StandardOID)/@PublishingSet, ' terminology ', key('standard', @def:StandardOID)/@Version)"/>
          </xsl:when>
          <xsl:otherwise>Sponsor's own list</xsl:otherwise>
        </xsl:choose>
        <xsl:call-template name="users"/>
      </p>
      <table>
        <thead>
          <tr>
            <th>Term</th>
            <xsl:if test="odm:CodeListItem"><th>Decode</th></xsl:if>
            <xsl:if test="@def:StandardOID"><th>NCI code</th></xsl:if>
          </tr>
        </thead>
        <tbody>
          <xsl:for-each select="odm:CodeListItem | odm:EnumeratedItem">
            <tr>
              <td><xsl:value-of select="@CodedValue"/></td>
              <xsl:if test="odm:Decode"><td><xsl:value-of select="odm:Decode/odm:TranslatedText"/></td></xsl:if>
              <xsl:if test="../@def:StandardOID">
                <td class="code">
                  <xsl:value-of select="odm:Alias/@Name"/>
                  <xsl:if test="@def:ExtendedValue = 'Yes'"><span class="tag">extended</span></xsl:if>
                </td>
              </xsl:if>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="users">
    <xsl:variable name="items" select="key('user', @OID)[key('ref', @OID)]"/>
    <xsl:choose>
      <xsl:when test="$items">
        <xsl:text>; used by </xsl:text>
        <xsl:for-each select="$items">
          <xsl:if test="position() &gt; 1">, </xsl:if>
          <a href="#{@OID}"><xsl:value-of select="concat(key('ref', @OID)/../@Name, '.', @Name)"/></a>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise>; used at value level</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="dictionaries">
    <xsl:if test="$version/odm:CodeList/odm:ExternalCodeList">
      <section id="dictionaries">
        <h2>External dictionaries</h2>
        <table class="narrow">
          <thead><tr><th>Dictionary</th><th>Version</th><th>Used by</th></tr></thead>
          <tbody>
            <xsl:for-each select="$version/odm:CodeList[odm:ExternalCodeList]">
              <tr id="{@OID}">
                <td><xsl:value-of select="odm:ExternalCodeList/@Dictionary"/></td>
                <td>
                  <xsl:value-of select="odm:ExternalCodeList/@Version"/>
                  <xsl:if test="not(odm:ExternalCodeList/@Version)"><span class="small">not stated</span></xsl:if>
                </td>
                <td>
                  <xsl:for-each select="key('user', @OID)">
                    <xsl:if test="position() &gt; 1">, </xsl:if>
                    <a href="#{@OID}"><xsl:value-of select="concat(key('ref', @OID)/../@Name, '.', @Name)"/></a>
                  </xsl:for-each>
                </td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </section>
    </xsl:if>
  </xsl:template>

  <xsl:template name="methods">
    <xsl:if test="$version/odm:MethodDef">
      <section id="methods">
        <h2>Methods</h2>
        <p class="small">Two hyphens in the name of a variable stand for the letters of the domain.</p>
        <table>
          <thead><tr><th>Method</th><th>Type</th><th>How the value is computed</th></tr></thead>
          <tbody>
            <xsl:for-each select="$version/odm:MethodDef">
              <xsl:sort select="@Name"/>
              <tr id="{@OID}">
                <td><xsl:value-of select="@Name"/><div class="code"><xsl:value-of select="@OID"/></div></td>
                <td><xsl:value-of select="@Type"/></td>
                <td class="prose"><xsl:value-of select="odm:Description/odm:TranslatedText"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
        <p class="back"><a href="#top">Top of page</a></p>
      </section>
    </xsl:if>
  </xsl:template>

  <xsl:template name="comments">
    <xsl:if test="$version/def:CommentDef">
      <section id="comments">
        <h2>Comments</h2>
        <table>
          <thead><tr><th>Comment</th><th>Text</th><th>Of</th></tr></thead>
          <tbody>
            <xsl:for-each select="$version/def:CommentDef">
              <xsl:variable name="oid" select="@OID"/>
              <tr id="{@OID}">
                <td class="code"><xsl:value-of select="@OID"/></td>
                <td class="prose"><xsl:value-of select="odm:Description/odm:TranslatedText"/></td>
                <td>
                  <xsl:for-each select="$version/odm:ItemGroupDef[@def:CommentOID = $oid] | $version/odm:ItemDef[@def:CommentOID = $oid]">
                    <xsl:if test="position() &gt; 1">, </xsl:if>
                    <a href="#{@OID}">
                      <xsl:if test="self::odm:ItemDef"><xsl:value-of select="concat(key('ref', @OID)/../@Name, '.')"/></xsl:if>
                      <xsl:value-of select="@Name"/>
                    </a>
                  </xsl:for-each>
                </td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
        <p class="back"><a href="#top">Top of page</a></p>
      </section>
    </xsl:if>
  </xsl:template>

  <xsl:template name="style">
:root { --ink: #1d2733; --soft: #5d6b7a; --line: #d9e0e7; --head: #eef3f7; --accent: #0b5a7a; --tag: #8a4b08; }
* { box-sizing: border-box; }
html { scroll-padding-top: .75rem; }
body { margin: 0; color: var(--ink); background: #fff; font: 13px/1.45 system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", Arial, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
nav { position: fixed; inset: 0 auto 0 0; width: 17rem; overflow-y: auto; padding: 1rem .75rem 2rem 1rem; background: #f6f9fb; border-right: 1px solid var(--line); }
nav ul { list-style: none; margin: 0 0 .5rem; padding: 0; }
nav li a { display: block; padding: .14rem .4rem; border-radius: 3px; color: var(--ink); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
nav li a:hover { background: #e3edf3; text-decoration: none; }
nav b { display: inline-block; min-width: 3.6em; color: var(--accent); font-weight: 600; }
nav .study { margin: 0 0 .8rem; font-size: 1.15em; font-weight: 700; }
nav .part { margin: .7rem 0 .2rem; font-weight: 600; }
main { margin-left: 17rem; padding: 1.5rem 2rem 4rem; max-width: 110rem; }
header { border-bottom: 2px solid var(--accent); padding-bottom: 1rem; margin-bottom: 1.5rem; }
h1 { margin: .1rem 0; font-size: 2em; }
h2 { margin: 0 0 .6rem; font-size: 1.4em; }
h3 { margin: 0 0 .4rem; font-size: 1.08em; }
h2 .name { color: var(--accent); }
.over { margin: 0; color: var(--soft); letter-spacing: .04em; text-transform: uppercase; font-size: .85em; }
.title { margin: .2rem 0 .8rem; font-size: 1.15em; max-width: 60rem; }
section { margin-bottom: 2.5rem; }
.dataset { padding-top: .75rem; border-top: 1px solid var(--line); }
.facts { display: flex; flex-wrap: wrap; gap: .3rem 2rem; margin: 0 0 .8rem; }
.facts dt { color: var(--soft); font-size: .85em; }
.facts dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
table.fixed { table-layout: fixed; }
table.fixed td { overflow-wrap: break-word; }
table.narrow { width: auto; min-width: 40rem; }
th, td { padding: .32rem .55rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { position: sticky; top: 0; background: var(--head); font-weight: 600; font-size: .92em; white-space: normal; border-bottom: 1px solid #bccad6; }
tbody tr:hover { background: #f8fbfd; }
tr:target, .card:target, .values:target > h3 { background: #fff6d6; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.name { font-weight: 600; white-space: nowrap; }
.nowrap { white-space: nowrap; }
.keys { overflow-wrap: anywhere; }
.small { color: var(--soft); font-size: .88em; font-weight: 400; }
.code { color: var(--soft); font-size: .88em; font-weight: 400; white-space: nowrap; }
h3 .code, h3 .small { margin-left: .5rem; }
.prose { max-width: 60rem; }
.comment { color: var(--soft); max-width: 28rem; }
.dataset > .comment { max-width: none; margin-bottom: .8rem; }
.tag { display: inline-block; padding: 0 .35rem; border: 1px solid currentColor; border-radius: 3px; color: var(--tag); font-size: .85em; white-space: nowrap; }
.must { color: var(--tag); font-weight: 700; }
.empty td { color: var(--soft); }
.values { margin-top: 1.4rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1rem; align-items: start; }
.card { border: 1px solid var(--line); border-radius: 4px; padding: .7rem .8rem; }
.card h3, .card p { overflow-wrap: anywhere; }
.card p { margin: 0 0 .4rem; }
.card th { position: static; }
.back { margin: .6rem 0 0; font-size: .88em; }
@media (max-width: 60rem) {
  nav { position: static; width: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  main { margin-left: 0; padding: 1rem; overflow-x: auto; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 9.5px; }
  nav, .back { display: none; }
  main { margin: 0; padding: 0; max-width: none; }
  th { position: static; }
  thead { display: table-header-group; }
  tr, .card { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .dataset { break-before: page; border-top: 0; }
  .cards { display: block; columns: 3; }
  .card { margin-bottom: .6rem; }
  a { color: inherit; }
}
  </xsl:template>
</xsl:stylesheet>
